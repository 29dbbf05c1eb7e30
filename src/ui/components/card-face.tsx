import { useTranslation } from 'react-i18next'
import type { Card } from '../../wallet/wallet.ts'
import { Hallmark, Streak } from '../art/drawings.tsx'
import { punchOf, streakOf } from '../art/pattern.ts'
import { useShell } from '../shell.ts'
import { lifeOf } from '../words/card-life.ts'
import { useDates } from '../words/use-dates.ts'
import { Link } from './link.tsx'
import { Name, Site } from './site.tsx'

/** A card as it lies in the wallet: issuer, kind, until when. Never a claim's value. */
export function CardFace({ card, to }: { card: Card; to?: string }) {
  const { now } = useShell()
  const life = lifeOf(card.validUntil, now())
  const className = `card stone ${card.stone}${life.state === 'ended' ? ' off' : ''}`
  const face = (
    <>
      <span className="issuer">
        <Hallmark punch={punchOf(card.issuerOrigin)} name={card.issuerName} />
        <span>
          <b>
            <Name>{card.issuerName}</Name>
          </b>
          <Site origin={card.issuerOrigin} />
        </span>
      </span>
      <Streak pattern={streakOf(card.issuerOrigin)} />
      <span className="kind">
        <Name>{card.kind}</Name>
      </span>
      <CardFoot card={card} />
    </>
  )
  if (to === undefined) return <div className={className}>{face}</div>
  return (
    <Link className={className} to={to}>
      {face}
    </Link>
  )
}

function CardFoot({ card }: { card: Card }) {
  const { t } = useTranslation()
  const { now } = useShell()
  const { shortDay } = useDates()
  const life = lifeOf(card.validUntil, now())
  const until = shortDay(card.validUntil)
  return (
    <span className="foot">
      {life.state !== 'ended' && <span>{t('cards.until', { date: until })}</span>}
      {life.state === 'ended' && <span className="state">{t('cards.ended', { date: until })}</span>}
      {life.state === 'ending' && (
        <span className="state">
          {life.days === 0 ? t('cards.endsToday') : t('cards.endsIn', { count: life.days })}
        </span>
      )}
      {card.demo && <span className="tag">{t('common.demo')}</span>}
    </span>
  )
}
