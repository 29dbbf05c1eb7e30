import { type CompiledPredicate, compilePredicates, MODES, type Predicate } from '../protocol/predicate.ts'
import type { ClaimType, Schema } from '../protocol/schema.ts'

/** A date narrowed to so few days, or a number to so few values, is as good as told: a month. */
const FEW = 31n

/** Encoded values that a claim may still have, both ends included. */
type Interval = { readonly low: bigint; readonly high: bigint }

const ALL: readonly Interval[] = [{ low: 0n, high: 2n ** 64n - 1n }]

/**
 * Names of the claims whose value follows from these predicates all holding, or nearly: disclosed; equal to something
 * asked; known to be absent; a boolean compared with anything; a date or a number of which at most 31 values are left.
 * Such a claim must not be listed as kept back. Throws as `compilePredicates`.
 */
export function revealedClaims(schema: Schema, predicates: readonly Predicate[]): Set<string> {
  const revealed = schema.claims.filter(({ name, type }) => {
    const own = predicates
      .filter(({ claim }) => claim === name)
      // One at a time, for together they may be those of several proofs.
      .flatMap((predicate) => compilePredicates(schema, [predicate]).slice(0, 1))
    return own.some((predicate) => tells(predicate, type)) || (isOrdered(type) && sizeOf(left(own)) <= FEW)
  })
  return new Set(revealed.map(({ name }) => name))
}

/** Whether one predicate alone gives the value. */
function tells({ mode, negate, low }: CompiledPredicate, type: ClaimType): boolean {
  if (mode === MODES.DISCLOSE) return true
  if (mode === MODES.EXISTS) return low === 0n
  return mode === MODES.EQUAL && (!negate || type === 'boolean')
}

/** What all of them together leave open, as intervals that do not overlap. */
function left(predicates: readonly CompiledPredicate[]): readonly Interval[] {
  return predicates.reduce<readonly Interval[]>((open, { mode, negate, low, high }) => {
    if (mode !== MODES.RANGE && mode !== MODES.EQUAL) return open
    const asked = { low, high: mode === MODES.EQUAL ? low : high }
    return open.flatMap((interval) => (negate ? without(interval, asked) : within(interval, asked)))
  }, ALL)
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
