import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative, Ask } from '../../wallet/wallet.ts'
import { type CredentialAsk, credentialAsks, missingFrom } from '../flow/ways.ts'
import { foreignText } from '../words/foreign-text.ts'
import { questionTexts } from '../words/question-text.ts'
import { Rich } from './rich.tsx'
import { Name, Site } from './site.tsx'
import { Sites } from './sites.tsx'

/** So many issuers of a missing card are named; the others stand under Details. */
const NAMED = 3

/**
 * The ways to answer, of which the person picks one. One that is known to be impossible says what is missing. `besides`:
 * there is more that all of them ask, which stands above.
 */
export function Ways(props: {
  ways: readonly Alternative[]
  besides: boolean
  picked: string
  onPick: (id: string) => void
}) {
  const { t } = useTranslation()
  const group = useId()
  return (
    <fieldset className="field">
      <legend>{t(props.besides ? 'ways.chooseElse' : 'ways.choose')}</legend>
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
            <WayText asks={way.asks} besides={props.besides} />
          </label>
        ))}
      </div>
      <p className="small">{t('ways.seen')}</p>
    </fieldset>
  )
}

/**
 * One way in plain words: what it asks, of which card, and what is missing for it. `from`: false where it is said
 * elsewhere where a missing card could come from.
 */
export function WayText(props: { asks: readonly Ask[]; besides?: boolean; from?: false | undefined }) {
  const { t } = useTranslation()
  const { besides = false } = props
  const asks = credentialAsks(props)
  const signsIn = asks.length < props.asks.length
  return (
    <span className="grow">
      {asks.map((ask) => (
        <AskText key={ask.itemId} ask={ask} />
      ))}
      {asks.length === 0 && <b>{t(!signsIn ? 'ways.nothingElse' : besides ? 'ways.signInElse' : 'ways.signInOnly')}</b>}
      {asks.length > 0 && signsIn && <span className="small">{t('ways.signInToo')}</span>}
      {missingFrom(props).map((ask) => (
        <Missing key={ask.itemId} ask={ask} from={props.from} />
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

function Missing({ ask, from = true }: { ask: CredentialAsk; from?: boolean | undefined }) {
  const { t } = useTranslation()
  const named = ask.issuersAccepted.slice(0, NAMED)
  const count = ask.issuersAccepted.length - named.length
  return (
    <span className="small missing">
      {ask.candidates.length === 0 ? t('ways.missing') : <WhyNot ask={ask} />}{' '}
      {!from ? null : count === 0 ? (
        <Rich text="ways.from" parts={{ list: <Sites origins={named} as="any" /> }} />
      ) : (
        <Rich text="ways.fromMore" values={{ count }} parts={{ list: <Sites origins={named} as="all" /> }} />
      )}
    </span>
  )
}

/** Why the card that is there does not answer; nothing where there is none. */
export function WhyNot({ ask }: { ask: CredentialAsk }) {
  const { t } = useTranslation()
  const [first] = ask.candidates
  if (first?.reason === undefined) return null
  if (first.reason !== 'revoked') return t(`present.reason.${first.reason}`)
  const { kind, issuerName } = first.card
  return <Rich text="present.revokedCard" parts={{ kind: <Name>{kind}</Name>, issuer: <Name>{issuerName}</Name> }} />
}
