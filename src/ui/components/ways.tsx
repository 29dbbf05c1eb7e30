import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '../../wallet/wallet.ts'
import { type CredentialAsk, credentialAsks, missingFrom } from '../flow/ways.ts'
import { foreignText } from '../words/foreign-text.ts'
import { questionTexts } from '../words/question-text.ts'
import { Rich } from './rich.tsx'
import { Name, Site } from './site.tsx'
import { Sites } from './sites.tsx'

/** So many issuers of a missing card are named; the others stand under Details. */
const NAMED = 3

/** The ways to answer, of which the person picks one. One that is known to be impossible says what is missing. */
export function Ways(props: { ways: readonly Alternative[]; picked: string; onPick: (id: string) => void }) {
  const { t } = useTranslation()
  const group = useId()
  return (
    <fieldset className="field">
      <legend>{t('ways.choose')}</legend>
      <div className="panel rows ways">
        {props.ways.map((way) => (
          <label key={way.id} className="row choice" data-off={way.answerable === false ? '' : undefined}>
            <input
              type="radio"
              name={group}
              disabled={way.answerable === false}
              checked={way.id === props.picked}
              onChange={() => props.onPick(way.id)}
            />
            <WayText way={way} />
          </label>
        ))}
      </div>
      <p className="small">{t('ways.seen')}</p>
    </fieldset>
  )
}

/** One way in plain words: what it asks, of which card, and what is missing for it. */
export function WayText({ way }: { way: Alternative }) {
  const { t } = useTranslation()
  const asks = credentialAsks(way)
  return (
    <span className="grow">
      {asks.map((ask) => (
        <AskText key={ask.itemId} ask={ask} />
      ))}
      {asks.length === 0 && <b>{t('ways.signInOnly')}</b>}
      {asks.length > 0 && asks.length < way.asks.length && <span className="small">{t('ways.signInToo')}</span>}
      {missingFrom(way).map((ask) => (
        <Missing key={ask.itemId} ask={ask} />
      ))}
    </span>
  )
}

function AskText({ ask }: { ask: CredentialAsk }) {
  const { t, i18n } = useTranslation()
  const { credentialKind, issuersAccepted, act } = ask
  const [only, ...others] = issuersAccepted
  const count = issuersAccepted.length
  const kind = credentialKind === undefined ? t('ways.someCard') : <Name>{credentialKind}</Name>
  return (
    <>
      {questionTexts(ask.question, credentialKind, t, i18n.language).map((question) => (
        <b key={question}>{question}</b>
      ))}
      <span className="small">
        {only !== undefined && others.length === 0 ? (
          <Rich text="ways.byIssuer" parts={{ kind, site: <Site origin={only} /> }} />
        ) : (
          <Rich text="ways.byIssuers" values={{ count }} parts={{ kind }} />
        )}
      </span>
      {act !== undefined && <span className="small">{t('present.once', { action: foreignText(act.action) })}</span>}
    </>
  )
}

function Missing({ ask }: { ask: CredentialAsk }) {
  const { t } = useTranslation()
  const reason = ask.candidates[0]?.reason
  const named = ask.issuersAccepted.slice(0, NAMED)
  const count = ask.issuersAccepted.length - named.length
  return (
    <span className="small missing">
      {reason === undefined ? t('ways.missing') : t(`present.reason.${reason}`)}{' '}
      {count === 0 ? (
        <Rich text="ways.from" parts={{ list: <Sites origins={named} as="any" /> }} />
      ) : (
        <Rich text="ways.fromMore" values={{ count }} parts={{ list: <Sites origins={named} as="all" /> }} />
      )}
    </span>
  )
}
