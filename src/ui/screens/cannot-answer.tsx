import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Origin } from '../../protocol/origin.ts'
import type { Alternative, RequestView, UnsatisfiableReason } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Asked, AskedInWays } from '../components/asked.tsx'
import { Button } from '../components/button.tsx'
import { RequestDetails } from '../components/request-details.tsx'
import { Rich } from '../components/rich.tsx'
import { Screen } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { WayText } from '../components/ways.tsx'
import { missingFrom } from '../flow/ways.ts'

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
    return (
      <Screen name={props.name} actions={actions}>
        <AskedInWays origin={origin} count={alternatives.length} />
        <Verdict title={t('ways.none')}>
          <Rich text="ways.noneText" parts={{ site }} />
        </Verdict>
        <ul className="panel rows ways">
          {alternatives.map((each) => (
            <li key={each.id}>
              <WayText way={each} />
            </li>
          ))}
        </ul>
        <Sources issuers={alternatives.flatMap(missingFrom).flatMap((ask) => ask.issuersAccepted)} />
        <RequestDetails view={view} way={way} code={code} />
      </Screen>
    )
  }
  return (
    <Screen name={props.name} actions={actions}>
      <Asked origin={origin} way={way} />
      <Verdict title={t('present.missingTitle')}>
        {reason !== undefined && `${t(`present.reason.${reason}`)} `}
        {first?.credentialKind === undefined ? (
          <Rich text="present.missingUnknown" parts={{ site }} />
        ) : (
          <Rich text="present.missing" parts={{ site, kind: <Name>{first.credentialKind}</Name> }} />
        )}
      </Verdict>
      <Sources issuers={missing.flatMap((ask) => ask.issuersAccepted)} />
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

/** Issuers that a missing card could come from, each once. */
function Sources({ issuers }: { issuers: readonly Origin[] }) {
  const { t } = useTranslation()
  if (issuers.length === 0) return null
  return (
    <section className="field">
      <h2 className="label">{t('present.missingFrom')}</h2>
      <div className="panel rows">
        {[...new Set(issuers)].map((origin) => (
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
  )
}
