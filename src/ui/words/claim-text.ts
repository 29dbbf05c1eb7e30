import type { TFunction } from 'i18next'
import type { ClaimValue } from '../../protocol/claim.ts'
import { parseDay } from '../../protocol/day.ts'
import type { ClaimType } from '../../protocol/schema.ts'
import { localeOf } from './locale.ts'

/** A claim's value as people read it: `14 March 1991`, `Norway`, `Yes`. Without a known type, as it stands. */
export function claimText(value: ClaimValue, type: ClaimType | undefined, t: TFunction, language: string): string {
  switch (type) {
    case 'date':
      return typeof value === 'string' ? dateText(value, language) : String(value)
    case 'country':
      return typeof value === 'string' ? countryText(value, language) : String(value)
    case 'boolean':
      return t(value === true ? 'common.yes' : 'common.no')
    case 'integer':
      return typeof value === 'number' ? new Intl.NumberFormat(localeOf(language)).format(value) : String(value)
    default:
      return String(value)
  }
}

function dateText(text: string, language: string): string {
  try {
    parseDay(text)
  } catch {
    return text
  }
  const format = new Intl.DateTimeFormat(localeOf(language), {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  return format.format(new Date(`${text}T00:00:00Z`))
}

function countryText(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([localeOf(language)], { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}
