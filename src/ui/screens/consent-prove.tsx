import { useTranslation } from 'react-i18next'
import type { Ask, Candidate, RequestView } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Answers, Button } from '../components/button.tsx'
import { Ledger } from '../components/ledger.tsx'
import { RequestDetails } from '../components/request-details.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { useSeen } from '../use-seen.ts'
import { foreignText } from '../words/foreign-text.ts'
import { keptOf } from '../words/kept.ts'
import { questionTexts } from '../words/question-text.ts'

export type CredentialAsk = Extract<Ask, { kind: 'credential' }>

/** A site asks for something to be proved: the question, what it learns and what it does not. */
export function ConsentProve(props: {
  name: string
  view: RequestView
  choices: Readonly<Record<string, string>>
  onChange: (itemId: string) => void
  onDecline: () => void
  onAgree: () => void
}) {
  const { t } = useTranslation()
  const seen = useSeen()
  const { view, choices } = props
  const asks = view.asks.filter((ask) => ask.kind === 'credential')
  if (view.answerable === false) return <CannotAnswer {...props} asks={asks} />
  return (
    <Screen
      name={props.name}
      actions={
        <Answers
          no={{ text: t('common.decline'), onPress: props.onDecline }}
          yes={{ text: t('present.agree'), waiting: t('present.soon'), ready: seen, onPress: props.onAgree }}
        />
      }
    >
      <Asked view={view} asks={asks} />
      <Ledger learned={view.learned} kept={keptOf(view)} />
      <div>
        <div className="panel rows">
          {asks.map((ask) => (
            <AnsweredWith
              key={ask.itemId}
              ask={ask}
              chosen={choices[ask.itemId]}
              onChange={() => props.onChange(ask.itemId)}
            />
          ))}
        </div>
        <RequestDetails view={view} />
      </div>
    </Screen>
  )
}

/** The question as the title; several ones as a list under one. */
function Asked({ view, asks }: { view: RequestView; asks: readonly CredentialAsk[] }) {
  const { t, i18n } = useTranslation()
  const questions = asks.flatMap((ask) => questionTexts(ask.question, ask.credentialKind, t, i18n.language))
  const acts = asks.flatMap((ask) => (ask.act === undefined ? [] : [ask.act.action]))
  const [only, ...more] = questions
  return (
    <div>
      <p className="who">
        <Rich text="present.who" parts={{ site: <Site origin={view.origin} /> }} />
      </p>
      <Heading>{more.length === 0 && only !== undefined ? only : t('present.several')}</Heading>
      {more.length > 0 && (
        <ul className="questions">
          {questions.map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ul>
      )}
      {acts.map((action) => (
        <p key={action} className="lede small">
          {t('present.once', { action: foreignText(action) })}
        </p>
      ))}
    </div>
  )
}

/** Which card answers; a button where there is a choice. */
function AnsweredWith(props: { ask: CredentialAsk; chosen: string | undefined; onChange: () => void }) {
  const { t } = useTranslation()
  const { ask, chosen } = props
  const candidate = candidateOf(ask, chosen)
  if (candidate === undefined) return null
  const { card } = candidate
  const row = (
    <>
      <Icon name="cards" />
      <span className="grow">
        <span className="label">
          {t('present.answeredWith')} {card.demo && <span className="tag">{t('common.demo')}</span>}
        </span>
        <span>
          <Rich
            text="present.cardBy"
            parts={{
              kind: (
                <b>
                  <Name>{card.kind}</Name>
                </b>
              ),
              name: <Name>{card.issuerName}</Name>,
            }}
          />
        </span>
      </span>
    </>
  )
  if (ask.candidates.length < 2) return <div className="row">{row}</div>
  return (
    <button type="button" className="row" onClick={props.onChange}>
      {row}
      <span className="small">{t('present.change')}</span>
    </button>
  )
}

/** The card the person chose, or the first that may be able. */
export function candidateOf(ask: CredentialAsk, chosen: string | undefined): Candidate | undefined {
  const able = ask.candidates.filter((candidate) => candidate.satisfiable !== false)
  return able.find((candidate) => candidate.credentialId === chosen) ?? able[0]
}

/** Which credential is missing and where one could come from. There is nothing to agree to. */
function CannotAnswer(props: {
  name: string
  view: RequestView
  asks: readonly CredentialAsk[]
  onDecline: () => void
}) {
  const { t } = useTranslation()
  const { view } = props
  const unanswered = props.asks.filter((ask) => candidateOf(ask, undefined) === undefined)
  const [missing] = unanswered
  const reason = missing?.candidates[0]?.reason
  const issuers = [...new Set(unanswered.flatMap((ask) => ask.issuersAccepted))]
  const site = <Site origin={view.origin} />
  return (
    <Screen name={props.name} actions={<Button onPress={props.onDecline}>{t('common.decline')}</Button>}>
      <Asked view={view} asks={props.asks} />
      <div className="fact-line">
        <Icon name="none" />
        <div>
          <p>
            <b>{t('present.missingTitle')}</b>
          </p>
          <p className="small">
            {reason !== undefined && `${t(`present.reason.${reason}`)} `}
            {missing?.credentialKind === undefined ? (
              <Rich text="present.missingUnknown" parts={{ site }} />
            ) : (
              <Rich text="present.missing" parts={{ site, kind: <Name>{missing.credentialKind}</Name> }} />
            )}
          </p>
        </div>
      </div>
      {issuers.length > 0 && (
        <section className="field">
          <h2 className="label">{t('present.missingFrom')}</h2>
          <div className="panel rows">
            {issuers.map((origin) => (
              <a key={origin} className="row" href={origin} target="_blank" rel="noopener noreferrer">
                <span className="grow">
                  <b>
                    <Site origin={origin} />
                  </b>
                </span>
                <Icon name="go" flip />
              </a>
            ))}
          </div>
        </section>
      )}
      <RequestDetails view={view} code={reason === 'expired' ? 'credential_expired' : 'cannot_satisfy'} />
    </Screen>
  )
}
