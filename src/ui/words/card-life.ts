import { type Day, dayOf } from '../../protocol/day.ts'

/** From how many days before its end a card says so. */
const ENDING_DAYS = 60

export type CardLife =
  | { readonly state: 'valid' | 'ended' }
  /** `days` whole days are left after today; 0 on the last valid day. */
  | { readonly state: 'ending'; readonly days: number }

/** What there is to say about a card's end, by UTC days as the protocol counts them. */
export function lifeOf(validUntil: Day, now: Date): CardLife {
  const days = validUntil - dayOf(now)
  if (days < 0) return { state: 'ended' }
  return days <= ENDING_DAYS ? { state: 'ending', days } : { state: 'valid' }
}
