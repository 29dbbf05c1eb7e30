import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Day, formatDay } from '../../protocol/day.ts'
import { localeOf } from './locale.ts'

/**
 * Dates in the reader's language. Protocol days are UTC days and shown as such; instants (Unix seconds) in the
 * reader's own time zone.
 */
export function useDates() {
  const { language } = useTranslation().i18n
  return useMemo(() => {
    const utc = { timeZone: 'UTC', day: 'numeric', year: 'numeric' } as const
    const long = new Intl.DateTimeFormat(localeOf(language), { ...utc, month: 'long' })
    const short = new Intl.DateTimeFormat(localeOf(language), { ...utc, month: 'short' })
    const time = new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit' })
    const date = new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'long', year: 'numeric' })
    const weekday = new Intl.DateTimeFormat(localeOf(language), { weekday: 'long', day: 'numeric', month: 'long' })
    const instant = (seconds: number) => new Date(seconds * 1000)
    return {
      longDay: (day: Day) => long.format(midnight(day)),
      shortDay: (day: Day) => short.format(midnight(day)),
      time: (seconds: number) => time.format(instant(seconds)),
      date: (seconds: number) => date.format(instant(seconds)),
      weekday: (seconds: number) => weekday.format(instant(seconds)),
    }
  }, [language])
}

function midnight(day: Day): Date {
  return new Date(`${formatDay(day)}T00:00:00Z`)
}
