import { useTranslation } from 'react-i18next'
import type { Alternative, RequestView } from '../../wallet/wallet.ts'
import { useDates } from '../words/use-dates.ts'
import { Details } from './details.tsx'
import { Rich } from './rich.tsx'
import { Site } from './site.tsx'
import { Sites } from './sites.tsx'

/**
 * What stays hidden, claim by claim; which issuers are accepted, and what they see; who signed the request, until when it
 * stands, and its technical names. `code`: why there is nothing to agree to.
 */
export function RequestDetails({ view, way, code }: { view: RequestView; way: Alternative; code?: string }) {
  const { t, i18n } = useTranslation()
  const { time } = useDates()
  const { session, requestHash, keySet } = view.details
  const claims = way.notLearned.flatMap((item) => (item.type === 'claim' ? [item.title] : []))
  const groups = way.notLearned.flatMap((item) => (item.type === 'issuer' ? [item.issuers] : []))
  const showsCard = way.asks.some((ask) => ask.kind === 'credential')
  const list = new Intl.ListFormat(i18n.language, { type: 'unit' }).format(claims)
  return (
    <Details>
      {code !== undefined && (
        <p className="small">
          <Rich text="trouble.code" parts={{ code: <code>{code}</code> }} />
        </p>
      )}
      {claims.length > 0 && <p className="small">{t('present.staysHidden', { list })}</p>}
      {groups.map((issuers) => (
        <p key={issuers.join()} className="small">
          <Rich
            text="present.issuers"
            values={{ count: issuers.length }}
            parts={{ list: <Sites origins={issuers} as="all" /> }}
          />
        </p>
      ))}
      {code === undefined && showsCard && <p className="small">{t('present.listsFetched')}</p>}
      <p className="small">
        <Rich text="present.signed" parts={{ site: <Site origin={view.origin} /> }} />{' '}
        {t('present.expires', { time: time(view.expires) })} {view.transport === 'link' && t('present.transportLink')}
      </p>
      <p className="small">
        <Rich
          text="present.technical"
          parts={{
            session: <code>{session}</code>,
            request: <code>{requestHash}</code>,
            keyset: <code>{keySet}</code>,
          }}
        />
      </p>
    </Details>
  )
}
