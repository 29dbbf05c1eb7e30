import { useTranslation } from 'react-i18next'
import type { RequestView } from '../../wallet/wallet.ts'
import { useDates } from '../words/use-dates.ts'
import { Details } from './details.tsx'
import { Rich } from './rich.tsx'
import { Site } from './site.tsx'

/**
 * What stays hidden, claim by claim; who signed the request, until when it stands, and its technical names. `code`: why
 * there is nothing to agree to.
 */
export function RequestDetails({ view, code }: { view: RequestView; code?: string }) {
  const { t, i18n } = useTranslation()
  const { time } = useDates()
  const { session, requestHash, keySet } = view.details
  const claims = view.notLearned.flatMap((item) => (item.type === 'claim' ? [item.title] : []))
  const list = new Intl.ListFormat(i18n.language, { type: 'unit' }).format(claims)
  return (
    <Details>
      {code !== undefined && (
        <p className="small">
          <Rich text="trouble.code" parts={{ code: <code>{code}</code> }} />
        </p>
      )}
      {claims.length > 0 && <p className="small">{t('present.staysHidden', { list })}</p>}
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
