import { useTranslation } from 'react-i18next'
import type { Alternative, RequestView } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Asked, AskedInWays, Sets } from '../components/asked.tsx'
import { Answers } from '../components/button.tsx'
import { Ledger } from '../components/ledger.tsx'
import { RequestDetails } from '../components/request-details.tsx'
import { Rich } from '../components/rich.tsx'
import { Screen } from '../components/screen.tsx'
import { Name } from '../components/site.tsx'
import { SitePurpose } from '../components/site-purpose.tsx'
import { Ways } from '../components/ways.tsx'
import { type Choices, type CredentialAsk, cardFor, credentialAsks, shownCards, splitWays } from '../flow/ways.ts'
import { useWallet } from '../shell.ts'
import { useReadToEnd, useSeen } from '../use-seen.ts'
import { keptOf } from '../words/kept.ts'

/**
 * A site asks for something to be proved: the question, what it learns and what it does not. Where there are several
 * ways to answer, the person picks one, and all below is about that one, answered by the cards on screen. It can be
 * agreed to once the end of what the site learns has been in view.
 */
export function ConsentProve(props: {
  name: string
  view: RequestView
  way: Alternative
  choices: Choices
  onPick: (way: string) => void
  onChange: (itemId: string) => void
  onDecline: () => void
  onAgree: () => void
}) {
  const { t } = useTranslation()
  const { start, end, progress, readOn } = useReadToEnd()
  const seen = useSeen(progress === 'read')
  const { view, choices } = props
  const wallet = useWallet()
  const shown = { alternative: props.way.id, choices: shownCards(props.way, choices) }
  const way = { ...props.way, ...wallet.consequences(view, shown) }
  const { alternatives, origin } = view
  const asks = credentialAsks(way)
  const { shared, besides } = splitWays(alternatives)
  return (
    <Screen
      name={props.name}
      actions={
        <Answers
          no={{ text: t('common.decline'), onPress: props.onDecline }}
          yes={{ text: t('present.agree'), waiting: t('present.soon'), ready: seen, onPress: props.onAgree }}
          before={progress === 'below' ? { text: t('present.readOn'), onPress: readOn } : undefined}
        />
      }
    >
      {alternatives.length === 1 ? (
        <>
          <Asked origin={origin} way={way} />
          <SitePurpose view={view} />
        </>
      ) : (
        <>
          <AskedInWays origin={origin} count={alternatives.length} shared={shared} />
          <SitePurpose view={view} />
          <Ways ways={besides} besides={shared.length > 0} picked={way.id} onPick={props.onPick} />
          <Sets asks={besides.filter(({ id }) => id === way.id).flatMap(credentialAsks)} />
        </>
      )}
      <Ledger key={way.id} learned={way.learned} kept={keptOf(way)} start={start} end={end} />
      <div>
        {asks.length > 0 && (
          <div className="panel rows">
            {asks.map((ask) => (
              <AnsweredWith key={ask.itemId} ask={ask} choices={choices} onChange={() => props.onChange(ask.itemId)} />
            ))}
          </div>
        )}
        <RequestDetails view={view} way={way} />
      </div>
    </Screen>
  )
}

/** Which card answers; a button where there is a choice. */
function AnsweredWith({ ask, choices, onChange }: { ask: CredentialAsk; choices: Choices; onChange: () => void }) {
  const { t } = useTranslation()
  const candidate = cardFor(ask, choices)
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
    <button type="button" className="row" onClick={onChange}>
      {row}
      <span className="small">{t('present.change')}</span>
    </button>
  )
}
