import type { TFunction } from 'i18next'

const UNITS = { day: 86_400, hour: 3600, minute: 60 } as const

/** How old something may be at most, in the largest unit that is exact: `a day`, `36 hours`, `2 minutes`. In seconds, at least 60. */
export function ageText(seconds: number, t: TFunction): string {
  if (seconds % UNITS.day === 0) return t('age.day', { count: seconds / UNITS.day })
  if (seconds % UNITS.hour === 0) return t('age.hour', { count: seconds / UNITS.hour })
  // What is promised to be no older may be younger, never older.
  return t('age.minute', { count: Math.ceil(seconds / UNITS.minute) })
}
