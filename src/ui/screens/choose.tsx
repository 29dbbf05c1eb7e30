import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { type Choices, type CredentialAsk, cardFor } from '../flow/ways.ts'
import { useDates } from '../words/use-dates.ts'

/** Which of several cards answers. Those that cannot say why, and cannot be chosen. */
export function Choose(props: {
  name: string
  ask: CredentialAsk
  choices: Choices
  onChoose: (credentialId: string) => void
  onBack: () => void
}) {
  const { t } = useTranslation()
  const { shortDay } = useDates()
  const group = useId()
  const { ask } = props
  const [chosen, setChosen] = useState(cardFor(ask, props.choices)?.credentialId)
  return (
    <Screen
      name={props.name}
      actions={
        <div className="pair">
          <Button onPress={props.onBack}>{t('common.back')}</Button>
          <Button onPress={() => (chosen === undefined ? props.onBack() : props.onChoose(chosen))}>
            {t('choose.use')}
          </Button>
        </div>
      }
    >
      <div>
        <Heading>{t('choose.title')}</Heading>
        <p className="lede small">{t('choose.lede')}</p>
      </div>
      <fieldset className="panel rows">
        <legend className="visually-hidden">{t('choose.title')}</legend>
        {ask.candidates.map(({ credentialId, card, satisfiable, reason }) => (
          <label key={credentialId} className="row choice" data-off={satisfiable === false ? '' : undefined}>
            <input
              type="radio"
              name={group}
              disabled={satisfiable === false}
              checked={credentialId === chosen}
              onChange={() => setChosen(credentialId)}
            />
            <span className="grow">
              <b>
                <Name>{card.kind}</Name>
              </b>
              <span className="small">
                <Name>{card.issuerName}</Name>, <Site origin={card.issuerOrigin} />
              </span>
              <span className="small">
                {satisfiable === false
                  ? t(reason === undefined ? 'choose.cannot' : `present.reason.${reason}`)
                  : t('cards.until', { date: shortDay(card.validUntil) })}
              </span>
            </span>
            {card.demo && <span className="tag">{t('common.demo')}</span>}
          </label>
        ))}
      </fieldset>
    </Screen>
  )
}
