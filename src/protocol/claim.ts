import { utf8 } from './bytes.ts'
import { parseDay } from './day.ts'
import { DIGEST_TAGS, digestToField } from './digest.ts'
import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'
import { CLAIM_SLOTS, type ClaimType, type Schema } from './schema.ts'

/** A claim as JSON: whole number, boolean, or text (dates as `YYYY-MM-DD`, countries as ISO 3166-1 alpha-2). */
export type ClaimValue = string | number | boolean

/** Claims by name. A name that is missing is a claim that is absent. */
export type Claims = Readonly<Record<string, ClaimValue>>

/** Integers are stored with this added, so that negative ones order below positive ones in 64 unsigned bits. */
export const INTEGER_OFFSET = 2n ** 63n

const MAX_TEXT_BYTES = 256

/**
 * The field element of one claim. Integers (safe ones, of either sign) as `value + 2^63`; dates as days since
 * 1900-01-01; booleans 0 and 1; text and countries as F of their NFC form in UTF-8.
 * Throws `claim_invalid`; the message never holds the value.
 */
export function encodeClaim(type: ClaimType, value: ClaimValue): FieldElement {
  switch (type) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw invalid('a whole number')
      return toField(INTEGER_OFFSET + BigInt(value))
    case 'date':
      if (typeof value !== 'string') throw invalid('a date as YYYY-MM-DD')
      return toField(parseDay(value))
    case 'boolean':
      if (typeof value !== 'boolean') throw invalid('true or false')
      return toField(value ? 1 : 0)
    case 'country':
      if (typeof value !== 'string' || !/^[A-Z]{2}$/.test(value)) throw invalid('an ISO 3166-1 alpha-2 code')
      return digestToField(DIGEST_TAGS.claimText, utf8(value))
    case 'string': {
      if (typeof value !== 'string' || value === '' || !value.isWellFormed() || value !== value.normalize('NFC')) {
        throw invalid('well-formed text in NFC')
      }
      const bytes = utf8(value)
      if (bytes.length > MAX_TEXT_BYTES) throw invalid(`at most ${MAX_TEXT_BYTES} bytes of text`)
      return digestToField(DIGEST_TAGS.claimText, bytes)
    }
  }
}

/** The sixteen slots (absent ones 0) and the presence mask (bit i = slot i). Throws `claim_invalid`, `claim_missing`, `claim_unknown`. */
export function encodeClaims(schema: Schema, claims: Claims): { slots: FieldElement[]; mask: number } {
  const slots = Array.from({ length: CLAIM_SLOTS }, () => toField(0))
  let mask = 0
  const names = new Set(schema.claims.map((claim) => claim.name))
  for (const name of Object.keys(claims)) {
    if (!names.has(name)) throw new ProtocolError('claim_unknown', `the schema ${schema.name} has no claim ${name}`)
  }
  for (const { name, slot, type, required } of schema.claims) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (value === undefined) {
      if (required) throw new ProtocolError('claim_missing', `the schema ${schema.name} requires the claim ${name}`)
      continue
    }
    slots[slot] = encodeClaim(type, value)
    mask |= 1 << slot
  }
  return { slots, mask }
}

function invalid(expected: string): ProtocolError {
  return new ProtocolError('claim_invalid', `expected ${expected}`)
}
