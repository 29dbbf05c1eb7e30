import { z } from 'zod'
import { type ClaimValue, encodeClaim } from './claim.ts'
import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'
import { MAX_SET_MEMBERS, type MemberSet, memberSet } from './member-set.ts'
import { shownText } from './parse.ts'
import { poseidonTagged } from './poseidon.ts'
import { type ClaimType, claimNameShape, type Schema, type SchemaClaim, schemaField } from './schema.ts'

/** Predicates one present-v1 proof can answer; one of them may be over a set. */
export const PREDICATE_SLOTS = 4

const MAX_64 = toField(2n ** 64n - 1n)

const value = z.union([shownText(256), z.number(), z.boolean()])

/** The JSON form of a {@link Predicate}; whether its claim exists and takes the operator is for the schema to say. */
export const predicateShape = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte']), claim: claimNameShape, value }),
  z.strictObject({ op: z.enum(['$between', '$nonbetween']), claim: claimNameShape, from: value, to: value }),
  z.strictObject({
    op: z.enum(['$in', '$nin']),
    claim: claimNameShape,
    values: z.array(value).min(1).max(MAX_SET_MEMBERS),
  }),
  z.strictObject({ op: z.literal('$exists'), claim: claimNameShape, value: z.boolean() }),
  z.strictObject({ op: z.literal('$sd'), claim: claimNameShape }),
])

/**
 * What a relying party asks of one claim. `$between` and `$nonbetween` include both ends; `$in` and `$nin` name
 * the members of a set, each once; `$sd` discloses the value; an absent claim makes every predicate false but `$exists: false`.
 */
export type Predicate = z.infer<typeof predicateShape>

/** The name of a predicate's operator, such as `$gte`. */
export type Operator = Predicate['op']

/** How the circuit evaluates a predicate (circuits/README.md). */
export const MODES = { NOOP: 0, RANGE: 1, EQUAL: 2, SET: 3, EXISTS: 4, DISCLOSE: 5 } as const

/** A predicate in a circuit: claim slot 0..15, mode, negation, and bounds (below 2^64 where the mode is RANGE). */
export type CompiledPredicate = {
  readonly slot: number
  readonly mode: (typeof MODES)[keyof typeof MODES]
  readonly negate: boolean
  readonly low: FieldElement
  readonly high: FieldElement
  /** Where the mode is SET. */
  readonly set?: MemberSet
}

const ZERO = toField(0)
const NOOP: CompiledPredicate = { slot: 0, mode: MODES.NOOP, negate: false, low: ZERO, high: ZERO }
const ORDERED: readonly ClaimType[] = ['integer', 'date']

/**
 * The one translation of the predicates of one proof into what the circuit checks; wallet and verifier both call it, so
 * they cannot differ. Four entries, `$noop` where there are fewer. Throws `predicate_claim_unknown`, `predicate_type`,
 * `predicate_range`, `predicate_set`, `too_many_predicates` (also for a second set), and what {@link encodeClaim} throws.
 */
export function compilePredicates(schema: Schema, predicates: readonly Predicate[]): CompiledPredicate[] {
  if (predicates.length > PREDICATE_SLOTS || predicates.filter(isOverSet).length > 1) {
    throw new ProtocolError('too_many_predicates', `a proof has at most ${PREDICATE_SLOTS} predicates, one over a set`)
  }
  const compiled = predicates.map((predicate) => compile(claimOf(schema, predicate.claim), predicate))
  while (compiled.length < PREDICATE_SLOTS) compiled.push(NOOP)
  return compiled
}

/**
 * The predicates of one credential, shared out among as few proofs as hold them: those over sets first, one to a proof,
 * then the others in their order. No predicates are one proof too, that there is such a credential.
 */
export function proofParts(predicates: readonly Predicate[]): Predicate[][] {
  const sets = predicates.filter(isOverSet)
  const others = predicates.filter((predicate) => !isOverSet(predicate))
  const proofs = Math.max(1, sets.length, Math.ceil(predicates.length / PREDICATE_SLOTS))
  return Array.from({ length: proofs }, (_, part) => {
    const set = sets.slice(part, part + 1)
    return [...set, ...others.splice(0, PREDICATE_SLOTS - set.length)]
  })
}

/** queryHash = P(QRY, schema, (slot + 16·mode + 128·negate, low, high) × 4, set root); the set root is 0 without a set. */
export function queryHash(schema: Schema, compiled: readonly CompiledPredicate[]): FieldElement {
  const parts = compiled.flatMap(({ slot, mode, negate, low, high }) => [
    toField(slot + 16 * mode + (negate ? 128 : 0)),
    low,
    high,
  ])
  return poseidonTagged('QRY', [schemaField(schema), ...parts, setOf(compiled)?.root ?? ZERO])
}

/** The set that one of the predicates of a proof may be about. */
export function setOf(compiled: readonly CompiledPredicate[]): MemberSet | undefined {
  return compiled.find(({ mode }) => mode === MODES.SET)?.set
}

/** Whether a claim's value (undefined when absent) satisfies a compiled predicate, as the circuit decides it. */
export function satisfies(predicate: CompiledPredicate, claim: FieldElement | undefined): boolean {
  const { mode, negate, low, high, set } = predicate
  if (mode === MODES.NOOP) return true
  if (mode === MODES.EXISTS) return (claim !== undefined) === (low === 1n)
  if (claim === undefined) return false
  if (mode === MODES.DISCLOSE) return true
  if (mode === MODES.SET) return set?.has(claim) !== negate
  if (mode === MODES.EQUAL) return (claim === low) !== negate
  // The circuit compares 64 bits: a longer value, such as hashed text, is on neither side of a range.
  return claim <= MAX_64 && (low <= claim && claim <= high) !== negate
}

function compile({ slot, type }: SchemaClaim, predicate: Predicate): CompiledPredicate {
  const { op } = predicate
  switch (op) {
    case '$sd':
      return { slot, mode: MODES.DISCLOSE, negate: false, low: ZERO, high: ZERO }
    case '$exists':
      return { slot, mode: MODES.EXISTS, negate: false, low: toField(predicate.value ? 1 : 0), high: ZERO }
    case '$eq':
    case '$ne':
      return { slot, mode: MODES.EQUAL, negate: op === '$ne', low: encodeClaim(type, predicate.value), high: ZERO }
    case '$in':
    case '$nin': {
      const set = memberSet(predicate.values.map((member) => encodeClaim(type, member)))
      return { slot, mode: MODES.SET, negate: op === '$nin', low: ZERO, high: ZERO, set }
    }
    case '$between':
    case '$nonbetween': {
      const low = bound(type, op, predicate.from)
      const high = bound(type, op, predicate.to)
      if (low > high) throw new ProtocolError('predicate_range', `${op}: from is greater than to`)
      return { slot, mode: MODES.RANGE, negate: op === '$nonbetween', low, high }
    }
    case '$gte':
      return { slot, mode: MODES.RANGE, negate: false, low: bound(type, op, predicate.value), high: MAX_64 }
    case '$lt':
      return { slot, mode: MODES.RANGE, negate: true, low: bound(type, op, predicate.value), high: MAX_64 }
    case '$lte':
      return { slot, mode: MODES.RANGE, negate: false, low: ZERO, high: bound(type, op, predicate.value) }
    case '$gt':
      return { slot, mode: MODES.RANGE, negate: true, low: ZERO, high: bound(type, op, predicate.value) }
  }
}

/** Whether the predicate is about a set, whose root costs what its members cost to hash. */
export function isOverSet({ op }: Predicate): boolean {
  return op === '$in' || op === '$nin'
}

function bound(type: ClaimType, op: Operator, value: ClaimValue): FieldElement {
  if (!ORDERED.includes(type))
    throw new ProtocolError('predicate_type', `${op} needs a number or a date, not a ${type}`)
  return encodeClaim(type, value)
}

function claimOf(schema: Schema, name: string): SchemaClaim {
  const claim = schema.claims.find((candidate) => candidate.name === name)
  if (!claim) throw new ProtocolError('predicate_claim_unknown', `the schema ${schema.name} has no claim ${name}`)
  return claim
}
