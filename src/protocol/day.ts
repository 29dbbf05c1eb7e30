import { ProtocolError } from './error.ts'

/** UTC days since 1900-01-01 (day 0): `0 ≤ day < 2^32`. The protocol's only unit of calendar time. */
export type Day = number & { readonly __brand: 'Day' }

/** Seconds since 1970-01-01T00:00:00Z, for the life of requests and sessions. */
export type UnixSeconds = number & { readonly __brand: 'UnixSeconds' }

const MS_PER_DAY = 86_400_000
const EPOCH_MS = Date.UTC(1900, 0, 1)

/** Brands a whole number of days. Throws `day_out_of_range`. */
export function toDay(value: number): Day {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new ProtocolError('day_out_of_range', 'a day is a whole number of days since 1900-01-01, at least 0')
  }
  return value as Day
}

/** The UTC day an instant falls on. */
export function dayOf(instant: Date): Day {
  return toDay(Math.floor((instant.getTime() - EPOCH_MS) / MS_PER_DAY))
}

/** Parses `YYYY-MM-DD`. Throws `date_invalid` for another form, a date that does not exist, or one before 1900. */
export function parseDay(text: string): Day {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const instant = match ? new Date(`${text}T00:00:00Z`) : undefined
  if (!instant || Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text) {
    throw new ProtocolError('date_invalid', 'expected an existing date as YYYY-MM-DD')
  }
  if (instant.getTime() < EPOCH_MS)
    throw new ProtocolError('date_invalid', 'dates before 1900-01-01 have no day number')
  return dayOf(instant)
}

/** `YYYY-MM-DD`; inverse of {@link parseDay}. */
export function formatDay(day: Day): string {
  return new Date(EPOCH_MS + day * MS_PER_DAY).toISOString().slice(0, 10)
}

/**
 * The latest birth date of a person who is at least `years` old on `today`. Who is born on 29 February comes of age on
 * 1 March of a common year, so on 28 February the answer stays at 28 February.
 */
export function latestBirthDay(today: Day, years: number): Day {
  const [year = 0, month = 1, date = 1] = formatDay(today).split('-').map(Number)
  const anniversary = new Date(Date.UTC(year - years, month - 1, date))
  // Today is 29 February and that year had none: the 28th is the last who are old enough.
  if (anniversary.getUTCMonth() !== month - 1) anniversary.setUTCDate(0)
  return dayOf(anniversary)
}

/** The whole `years` for which {@link latestBirthDay} gives `threshold` on `today`, if there are such (0 to 150). */
export function ageOfThreshold(today: Day, threshold: Day): number | undefined {
  for (let years = 0; years <= 150; years++) {
    const day = latestBirthDayOrUndefined(today, years)
    if (day === undefined || day < threshold) return undefined
    if (day === threshold) return years
  }
  return undefined
}

function latestBirthDayOrUndefined(today: Day, years: number): Day | undefined {
  return Number(formatDay(today).slice(0, 4)) - years < 1900 ? undefined : latestBirthDay(today, years)
}
