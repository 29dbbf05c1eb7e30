import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative, RequestView, UnsatisfiableReason } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Asked, AskedInWays } from '../components/asked.tsx'
import { Button } from '../components/button.tsx'
import { RequestDetails } from '../components/request-details.tsx'
import { Rich } from '../components/rich.tsx'
import { Screen } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { SitePurpose } from '../components/site-purpose.tsx'
import { WayText, WhyNot } from '../components/ways.tsx'
import { type CredentialAsk, missingFrom, splitWays } from '../flow/ways.ts'
import { foreignText } from '../words/foreign-text.ts'

/** The code under Details for a card that is there and does not answer; for all other reasons `cannot_satisfy`. */
const CODES: Partial<Record<UnsatisfiableReason, string>> = {
  expired: 'credential_expired',
  revoked: 'credential_revoked',
}

/** Which credential is missing and where one could come from. There is nothing to agree to. */
export function CannotAnswer(props: { name: string; view: RequestView; way: Alternative; onDecline: () => void }) {
  const { t } = useTranslation()
  const { view, way } = props
  const { alternatives, origin } = view
  const missing = missingFrom(way)
  const [first] = missing
  const reason = first?.candidates[0]?.reason
  const code = (reason && CODES[reason]) ?? 'cannot_satisfy'
  const actions = <Button onPress={props.onDecline}>{t('common.decline')}</Button>
  const site = <Site origin={origin} />
  if (alternatives.length > 1) {
    const { shared, besides } = splitWays(alternatives)
    return (
      <Screen name={props.name} actions={actions}>
        <AskedInWays origin={origin} count={alternatives.length} shared={shared} from={false} />
        <SitePurpose view={view} />
        <Verdict title={t('ways.none')}>
          <Rich text="ways.noneText" parts={{ site }} />
        </Verdict>
        <ul className="panel rows ways">
          {besides.map((each) => (
            <li key={each.id}>
              <WayText asks={each.asks} besides={shared.length > 0} from={false} />
            </li>
          ))}
        </ul>
        <Sources missing={alternatives.flatMap(missingFrom)} />
        <RequestDetails view={view} way={way} code={code} />
      </Screen>
    )
  }
  return (
    <Screen name={props.name} actions={actions}>
      <Asked origin={origin} way={way} />
      <SitePurpose view={view} />
      <Verdict title={t('present.missingTitle')}>
        {first !== undefined && <WhyNot ask={first} />}{' '}
        {first?.credentialKind === undefined ? (
          <Rich text="present.missingUnknown" parts={{ site }} />
        ) : (
          <Rich text="present.missing" parts={{ site, kind: <Name>{first.credentialKind}</Name> }} />
        )}
      </Verdict>
      <Sources missing={missing} />
      <RequestDetails view={view} way={way} code={code} />
    </Screen>
  )
}

function Verdict({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="fact-line">
      <Icon name="none" />
      <div>
        <p>
          <b>{title}</b>
        </p>
        <p className="small">{children}</p>
      </div>
    </div>
  )
}

/** Issuers that the missing cards could come from, by kind of card, each once. */
function Sources({ missing }: { missing: readonly CredentialAsk[] }) {
  const { t } = useTranslation()
  const id = useId()
  const byKind = [...Map.groupBy(missing, ({ credentialKind }) => credentialKind)]
  return byKind.map(([kind, asks], place) => (
    <section key={kind ?? ''} className="field" aria-labelledby={`${id}-${place}`}>
      <h2 id={`${id}-${place}`} className="label">
        {kind === undefined || byKind.length === 1
          ? t('present.missingFrom')
          : t('present.missingFromKind', { kind: foreignText(kind) })}
      </h2>
      <div className="panel rows">
        {[...new Set(asks.flatMap(({ issuersAccepted }) => issuersAccepted))].map((origin) => (
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
  ))
}
