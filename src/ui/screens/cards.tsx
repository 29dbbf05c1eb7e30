import { useTranslation } from 'react-i18next'
import type { Wallet } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { CardFace } from '../components/card-face.tsx'
import { Link } from '../components/link.tsx'
import { Heading, Place } from '../components/screen.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { useGo } from '../shell.ts'
import { useReading } from '../use-reading.ts'

const readCards = async (wallet: Wallet) => ({ cards: await wallet.cards(), ways: await wallet.ways() })

export function Cards() {
  const { t } = useTranslation()
  const go = useGo()
  const reading = useReading(readCards)
  if (reading.status === 'failed') {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={reading.error}
        onAgain={reading.again}
        onLeave={() => go('/')}
        leave={t('common.back')}
      />
    )
  }
  return (
    <Place name={t('titles.cards')} place="cards">
      <Heading>{t('cards.title')}</Heading>
      {reading.status === 'read' && (
        <>
          <div className="stack">
            {reading.value.cards.map((card) => (
              <CardFace key={card.id} card={card} to={`/card/${card.id}`} />
            ))}
            {reading.value.cards.length === 0 && <NoCards />}
          </div>
          <KeyCount count={reading.value.ways.length} />
        </>
      )}
    </Place>
  )
}

function NoCards() {
  const { t } = useTranslation()
  return (
    <div className="empty-slot">
      <div>
        <h2 className="subtitle">{t('cards.emptyTitle')}</h2>
        <p className="lede small">{t('cards.empty')}</p>
      </div>
    </div>
  )
}

function KeyCount({ count }: { count: number }) {
  const { t } = useTranslation()
  return (
    <div className="panel rows">
      <Link className="row" to="/keys">
        <Icon name="key" />
        <span className="grow">
          <b>{count === 1 ? t('cards.oneKey') : t('cards.keys', { count })}</b>
          {count === 1 && <span className="small">{t('cards.oneKeyText')}</span>}
        </span>
        <Icon name="go" flip />
      </Link>
    </div>
  )
}
