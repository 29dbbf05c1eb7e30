import { useTranslation } from 'react-i18next'
import type { Wallet, WayIn } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Heading, Place } from '../components/screen.tsx'
import { Name } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { useGo } from '../shell.ts'
import { useReading } from '../use-reading.ts'
import { useDates } from '../words/use-dates.ts'

const readWays = (wallet: Wallet) => wallet.ways()

/** What opens this wallet, and what it means that there is only one such thing. */
export function Keys() {
  const { t } = useTranslation()
  const go = useGo()
  const reading = useReading(readWays)
  if (reading.status === 'failed') {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={reading.error}
        onAgain={reading.again}
        onLeave={() => go('/')}
        leave={t('common.toCards')}
      />
    )
  }
  const ways = reading.status === 'read' ? reading.value : []
  return (
    <Place name={t('titles.keys')} place="keys">
      <div>
        <Heading>{t('keys.title')}</Heading>
        <p className="lede small">{t('keys.lede')}</p>
      </div>
      {ways.length > 0 && (
        <div className="panel rows">
          {ways.map((way) => (
            <Way key={way.id} way={way} />
          ))}
        </div>
      )}
      {ways.length === 1 && (
        <section>
          <h2 className="subtitle">{t('keys.warningTitle')}</h2>
          <p className="lede">{t('keys.warning')}</p>
        </section>
      )}
    </Place>
  )
}

function Way({ way }: { way: WayIn }) {
  const { t } = useTranslation()
  const { date } = useDates()
  return (
    <div className="row">
      <Icon name="key" />
      <span className="grow">
        <b>
          <Name>{way.name}</Name>
        </b>
        <span className="small">{t('keys.added', { date: date(way.addedAt) })}</span>
        {way.synchronised && <span className="small">{t('keys.synchronised')}</span>}
      </span>
    </div>
  )
}
