import { encodeClaim } from '../protocol/claim.ts'
import countries from '../protocol/countries.json' with { type: 'json' }
import type { Day } from '../protocol/day.ts'
import { ProtocolError } from '../protocol/error.ts'
import { type FieldElement, toField } from '../protocol/field.ts'
import { type CompiledPredicate, compilePredicates, MODES, type Predicate } from '../protocol/predicate.ts'
import type { ClaimType, Schema, SchemaClaim } from '../protocol/schema.ts'

/** A date narrowed to so few days, or a number to so few values, is as good as told: a month. */
const FEW = 31n

/** By this name a date is a date of birth: a bound on it may be an age, and nobody's lies in the future. */
export const BIRTH_DATE = 'birthDate'

/** Encoded values that a claim may still have, both ends included. */
type Interval = { readonly low: bigint; readonly high: bigint }

const MAX_64 = 2n ** 64n - 1n

/**
 * Names of the claims whose value follows from these predicates all holding on a day, or nearly: disclosed; known to be
 * absent; a boolean or a country of which at most one is left, one of a set of which only one member is left; a date or a
 * number of which at most 31 values are left. Such a claim must not be listed as kept back. Throws as `compilePredicates`.
 */
export function revealedClaims(schema: Schema, predicates: readonly Predicate[], today: Day): Set<string> {
  const revealed = schema.claims.filter((claim) => {
    const { name, type } = claim
    const own = predicates.filter((predicate) => predicate.claim === name).map((one) => asked(schema, type, one))
    if (own.some(tells)) return true
    return isOrdered(type) ? sizeOf(left(own, rangeOf(claim, today))) <= FEW : leaves(own, type) <= 1
  })
  return new Set(revealed.map(({ name }) => name))
}

/** A predicate as the circuit sees it; `members`, where it compares with single values, are those. */
type Asked = CompiledPredicate & { readonly members: readonly FieldElement[] }

function asked(schema: Schema, type: ClaimType, predicate: Predicate): Asked {
  // One at a time, for together they may be those of several proofs.
  const [compiled] = compilePredicates(schema, [predicate])
  if (!compiled) throw new ProtocolError('too_many_predicates', 'a predicate was not compiled')
  const { op } = predicate
  const values =
    op === '$in' || op === '$nin' ? predicate.values : op === '$eq' || op === '$ne' ? [predicate.value] : []
  return { ...compiled, members: values.map((value) => encodeClaim(type, value)) }
}

/** Whether one predicate alone gives the value, or that there is none. */
function tells({ mode, low }: CompiledPredicate): boolean {
  return mode === MODES.DISCLOSE || (mode === MODES.EXISTS && low === 0n)
}

/** How many values are left of a claim without an order; infinitely many unless they can be counted. */
function leaves(predicates: readonly Asked[], type: ClaimType): number {
  const compared = predicates.filter(({ members }) => members.length > 0)
  if (compared.length === 0) return Number.POSITIVE_INFINITY
  const sets = compared.filter(({ negate }) => !negate).map(({ members }) => members)
  const [first, ...others] = [...existingValues(type), ...sets]
  if (!first) return Number.POSITIVE_INFINITY
  const excluded = new Set(compared.filter(({ negate }) => negate).flatMap(({ members }) => members))
  return first.filter((value) => others.every((set) => set.includes(value)) && !excluded.has(value)).length
}

/** All values of a type that has few enough to be counted. */
function existingValues(type: ClaimType): FieldElement[][] {
  if (type === 'boolean') return [[toField(0), toField(1)]]
  return type === 'country' ? [countries.map((code) => encodeClaim(type, code))] : []
}

/** What an ordered claim can be before anything is asked of it. */
function rangeOf({ name, type }: SchemaClaim, today: Day): Interval {
  return { low: 0n, high: type === 'date' && name === BIRTH_DATE ? BigInt(today) : MAX_64 }
}

/** What all of them together leave open of an ordered claim, as intervals that do not overlap. */
function left(predicates: readonly Asked[], range: Interval): readonly Interval[] {
  return predicates.reduce<readonly Interval[]>(
    (open, { mode, negate, low, high, members }) => {
      const intervals = mode === MODES.RANGE ? [{ low, high }] : members.map((value) => ({ low: value, high: value }))
      if (intervals.length === 0) return open
      return negate
        ? intervals.reduce<readonly Interval[]>((rest, interval) => rest.flatMap((one) => without(one, interval)), open)
        : open.flatMap((one) => intervals.flatMap((interval) => within(one, interval)))
    },
    [range],
  )
}

function within(interval: Interval, { low, high }: Interval): Interval[] {
  return existing({ low: max(interval.low, low), high: min(interval.high, high) })
}

function without(interval: Interval, { low, high }: Interval): Interval[] {
  return [
    ...existing({ low: interval.low, high: min(interval.high, low - 1n) }),
    ...existing({ low: max(interval.low, high + 1n), high: interval.high }),
  ]
}

function existing(interval: Interval): Interval[] {
  return interval.low <= interval.high ? [interval] : []
}

function sizeOf(intervals: readonly Interval[]): bigint {
  return intervals.reduce((sum, { low, high }) => sum + high - low + 1n, 0n)
}

function isOrdered(type: ClaimType): boolean {
  return type === 'integer' || type === 'date'
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
