import { randomInt } from 'node:crypto'
import { type Claims, type ClaimValue, encodeClaim } from '../../src/protocol/claim.ts'
import countries from '../../src/protocol/countries.json' with { type: 'json' }
import { type Day, formatDay, parseDay, toDay } from '../../src/protocol/day.ts'
import { ProtocolError } from '../../src/protocol/error.ts'
import type { Schema, SchemaClaim } from '../../src/protocol/schema.ts'

/** What was typed, by the name of the field: each claim of the schema, and `validUntil`. */
export type FormValues = Readonly<Record<string, string>>

/** What is wrong, by the name of the field, in words for whoever fills the form in. */
export type FormProblems = Readonly<Record<string, string>>

/** A form that was read: the claims it makes, or what is wrong with it. */
export type PersonForm =
  | { readonly ok: true; readonly claims: Claims; readonly validUntil: Day }
  | { readonly ok: false; readonly problems: FormProblems }

/** Name of the one field that is no claim. */
export const VALID_UNTIL = 'validUntil'

const LONGEST_LIFE_YEARS = 130
const LONGEST_VALIDITY_DAYS = 10 * 366
const USUAL_VALIDITY_DAYS = 2 * 365

/** A form that may be sent as it is. The document number is another one each time, so each form is another person. */
export function newFormValues(today: Day): FormValues {
  return {
    givenName: 'Robin',
    familyName: 'Ashdown',
    birthDate: '1990-05-17',
    nationality: 'NL',
    residence: 'NL',
    documentNumber: `TS${randomInt(10 ** 7, 10 ** 8)}`,
    birthPlace: 'Utrecht',
    [VALID_UNTIL]: formatDay(toDay(today + USUAL_VALIDITY_DAYS)),
  }
}

/**
 * Reads a form by the schema: what is left empty is absent, text is trimmed and brought to NFC. Every claim that comes
 * out can be encoded.
 */
export function readPersonForm(schema: Schema, values: FormValues, today: Day): PersonForm {
  const claims: Record<string, ClaimValue> = {}
  const problems: Record<string, string> = {}
  for (const claim of schema.claims) {
    const text = read(values, claim.name)
    if (text === '') {
      if (claim.required) problems[claim.name] = `Enter the ${claim.title.toLowerCase()}.`
      continue
    }
    const problem = problemWith(claim, text, today)
    if (problem) problems[claim.name] = problem
    else claims[claim.name] = claimValue(claim, text)
  }
  const validUntil = read(values, VALID_UNTIL)
  const problem = problemWithValidity(validUntil, today)
  if (problem) problems[VALID_UNTIL] = problem
  if (Object.keys(problems).length > 0) return { ok: false, problems }
  return { ok: true, claims, validUntil: parseDay(validUntil) }
}

function read(values: FormValues, name: string): string {
  return (Object.hasOwn(values, name) ? (values[name] ?? '') : '').trim().normalize('NFC')
}

function problemWith({ type }: SchemaClaim, text: string, today: Day): string | undefined {
  if (type === 'date') return problemWithPastDate(text, today)
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? undefined : 'Enter a whole number of up to 15 digits.'
  if (type === 'boolean') return text === 'yes' || text === 'no' ? undefined : 'Choose yes or no.'
  if (type === 'country' && !countries.includes(text)) return 'Choose a country from the list.'
  try {
    encodeClaim(type, text)
    return undefined
  } catch {
    return 'This is too long. Shorten it.'
  }
}

/** The claim that a text without a problem says. */
function claimValue({ type }: SchemaClaim, text: string): ClaimValue {
  if (type === 'integer') return Number(text)
  return type === 'boolean' ? text === 'yes' : text
}

function problemWithPastDate(text: string, today: Day): string | undefined {
  const day = dayOrProblem(text)
  if (typeof day === 'string') return day
  if (day > today) return 'This date is in the future.'
  if (day < today - LONGEST_LIFE_YEARS * 366) return `This date is more than ${LONGEST_LIFE_YEARS} years ago.`
  return undefined
}

function problemWithValidity(text: string, today: Day): string | undefined {
  const day = dayOrProblem(text)
  if (typeof day === 'string') return day
  if (day < today) return 'This date is past. Choose today or later.'
  if (day > today + LONGEST_VALIDITY_DAYS) return 'Choose a date within the next ten years.'
  return undefined
}

function dayOrProblem(text: string): Day | string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return 'Enter a date as year-month-day, such as 1990-05-17.'
  try {
    return parseDay(text)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return text < '1900' ? 'Enter a date in 1900 or later.' : 'There is no such day in the calendar.'
  }
}
