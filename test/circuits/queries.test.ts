import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type Claims, type ClaimValue, encodeClaim, encodeClaims } from '../../src/protocol/claim.ts'
import { formatDay, toDay } from '../../src/protocol/day.ts'
import { deviceCommitment } from '../../src/protocol/device.ts'
import { disclosedClaims, disclosedSignals } from '../../src/protocol/disclosure.ts'
import { type FieldElement, toField } from '../../src/protocol/field.ts'
import { credentialLink, holderLink, nullifier } from '../../src/protocol/holder.ts'
import { compilePredicates, type Operator, type Predicate, queryHash, satisfies } from '../../src/protocol/predicate.ts'
import { CLAIM_TYPES, type ClaimType, parseSchema, schemaField } from '../../src/protocol/schema.ts'
import type { Kind } from '../../src/protocol/scope.ts'
import { presentSignals } from '../../src/protocol/signals.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { acceptedCase, caseCredentialHash, type PresentCase, presentInputs } from './present-case.ts'

/*
 * Random credentials and random queries: what a predicate means on plain values, what the protocol decides on encoded
 * ones, and whether the circuit's constraints can be met are one answer. Where they can, the public signals are those
 * that a verifier computes.
 */

const CREDENTIALS = 1_000
/** Milliseconds. A free core takes two minutes; a crowded machine takes ten. */
const SLOW_MACHINE = 900_000
const SEED = Number(process.env.QUERIES_SEED ?? 1)

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

test(
  `${CREDENTIALS} credentials, a query each, seed ${SEED} (QUERIES_SEED)`,
  async () => {
    const answers = { yes: 0, no: 0, operators: new Set<string>() }
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const claims = randomClaims(gen)
        const credential = randomCredential(gen, claims)
        const predicates = randomPredicates(gen, claims)
        const meant = predicates.every((predicate) => means(predicate, claims[predicate.claim]))
        expect(decided(predicates, claims)).toBe(meant)

        const given = { ...credential, ...randomSession(gen), ...asked(predicates) }
        const inputs = presentInputs(given)
        const witness = await circuit.forge(inputs)
        expect(circuit.system.firstViolated(witness) === -1).toBe(meant)
        if (meant) expect(witness.slice(1, 17)).toEqual(expectedSignals(given, inputs.issuersRoot, predicates, claims))

        answers[meant ? 'yes' : 'no']++
        for (const { op } of predicates) answers.operators.add(`${op} ${meant}`)
      }),
      { numRuns: CREDENTIALS, seed: SEED, endOnFailure: true },
    )
    expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(CREDENTIALS / 4)
    // $sd alone can be in a query that fails by another predicate; every operator is seen with both answers.
    expect(answers.operators.size).toBe(2 * OPERATORS.length)
  },
  SLOW_MACHINE,
)

const SCHEMA = parseSchema({
  version: 1,
  name: 'Any',
  claims: Array.from({ length: 16 }, (_, place) => ({
    name: `claim${place}`,
    slot: (5 * place) % 16,
    type: CLAIM_TYPES[place % CLAIM_TYPES.length],
    title: `Claim ${place}`,
    sensitive: false,
    required: false,
  })),
})

const UNORDERED: readonly Operator[] = ['$eq', '$ne', '$in', '$nin', '$exists', '$sd']
const OPERATORS: readonly Operator[] = [...UNORDERED, '$lt', '$lte', '$gt', '$gte', '$between', '$nonbetween']
const LAST_DAY = 2_958_463 - 1

/** Few values of each type, so that claims and operands often meet; and the ends of each range. */
const VALUES: Record<ClaimType, fc.Arbitrary<ClaimValue>> = {
  integer: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -2, max: 2 }) },
    fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    fc.maxSafeInteger(),
  ),
  date: fc
    .oneof(fc.integer({ min: 46_000, max: 46_004 }), fc.constantFrom(0, 1), fc.integer({ min: 0, max: 50_000 }))
    .map((day) => formatDay(toDay(day))),
  boolean: fc.boolean(),
  string: fc.constantFrom('a', 'A', 'aa', 'é', '日本', ' '),
  country: fc.constantFrom('FR', 'DE', 'AT', 'IT'),
}

type Gen = fc.GeneratorValue

function randomClaims(gen: Gen): Claims {
  const present = SCHEMA.claims.filter(() => gen(fc.nat, { max: 5 }) > 0)
  return Object.fromEntries(present.map(({ name, type }) => [name, gen(() => VALUES[type])]))
}

/** One to four, one of them over a set; all true of the claims, or, as often, one of them false. */
function randomPredicates(gen: Gen, claims: Claims): Predicate[] {
  const drawn = Array.from({ length: 10 }, () => randomPredicate(gen, claims))
  const isTrue = (predicate: Predicate) => means(predicate, claims[predicate.claim])
  const untrue = gen(fc.boolean) ? drawn.filter((predicate) => !isTrue(predicate)).slice(0, 1) : []
  const wanted = 1 + gen(fc.nat, { max: 3 })
  const chosen: Predicate[] = []
  for (const predicate of [...untrue, ...drawn.filter(isTrue)]) {
    const secondSet = isOverSet(predicate) && chosen.some(isOverSet)
    if (!secondSet && chosen.length < wanted) chosen.push(predicate)
  }
  // The false one in any place.
  const turn = gen(fc.nat, { max: 3 }) % Math.max(1, chosen.length)
  return [...chosen.slice(turn), ...chosen.slice(0, turn)]
}

function isOverSet({ op }: Predicate): boolean {
  return op === '$in' || op === '$nin'
}

function randomPredicate(gen: Gen, claims: Claims): Predicate {
  const { name: claim, type } = gen(() => fc.constantFrom(...SCHEMA.claims))
  const ordered = type === 'integer' || type === 'date'
  const op = gen(() => fc.constantFrom(...(ordered ? OPERATORS : UNORDERED)))
  const operand = () => (gen(fc.boolean) ? claims[claim] : undefined) ?? gen(() => VALUES[type])
  switch (op) {
    case '$sd':
      return { op, claim }
    case '$exists':
      return { op, claim, value: gen(fc.boolean) }
    case '$in':
    case '$nin': {
      const many = type === 'integer' && gen(fc.nat, { max: 30 }) === 0
      const first = gen(fc.integer, { min: -200, max: 2 })
      const values = many
        ? Array.from({ length: 256 }, (_, member) => first + member)
        : Array.from({ length: 1 + gen(fc.nat, { max: 4 }) }, operand)
      return { op, claim, values: [...new Set(values)] }
    }
    case '$between':
    case '$nonbetween': {
      const [from, to] = [operand(), operand()]
      return order(from, to) <= 0 ? { op, claim, from, to } : { op, claim, from: to, to: from }
    }
    default:
      return { op, claim, value: operand() }
  }
}

/** What the operators are said to mean, on plain values. */
function means(predicate: Predicate, value: ClaimValue | undefined): boolean {
  if (predicate.op === '$exists') return (value !== undefined) === predicate.value
  if (value === undefined) return false
  switch (predicate.op) {
    case '$sd':
      return true
    case '$in':
      return predicate.values.includes(value)
    case '$nin':
      return !predicate.values.includes(value)
    case '$between':
      return order(predicate.from, value) <= 0 && order(value, predicate.to) <= 0
    case '$nonbetween':
      return order(value, predicate.from) < 0 || order(value, predicate.to) > 0
    case '$eq':
      return value === predicate.value
    case '$ne':
      return value !== predicate.value
    case '$lt':
      return order(value, predicate.value) < 0
    case '$lte':
      return order(value, predicate.value) <= 0
    case '$gt':
      return order(value, predicate.value) > 0
    case '$gte':
      return order(value, predicate.value) >= 0
  }
}

/** Numbers by size; dates as text, which has their order. */
function order(a: ClaimValue, b: ClaimValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : Number(a > b)
  return String(a) < String(b) ? -1 : Number(String(a) > String(b))
}

/** What the protocol's own code decides, on encoded claims. */
function decided(predicates: readonly Predicate[], claims: Claims): boolean {
  return compilePredicates(SCHEMA, predicates).every((compiled, place) => {
    const asked = SCHEMA.claims.find(({ name }) => name === predicates[place]?.claim)
    const value = asked && claims[asked.name]
    return satisfies(compiled, asked && value !== undefined ? encodeClaim(asked.type, value) : undefined)
  })
}

/** A credential that is valid in every session of {@link randomSession}. */
function randomCredential(gen: Gen, claims: Claims): PresentCase {
  const { slots, mask } = encodeClaims(SCHEMA, claims)
  const place = gen(fc.nat, { max: 3 })
  return acceptedCase({
    holderSecret: randomElement(gen),
    holderBlinding: randomElement(gen),
    claims: slots,
    presenceMask: BigInt(mask),
    validFrom: randomDay(gen, 0, 46_000),
    validUntil: randomDay(gen, 46_100, LAST_DAY),
    issuedAt: randomDay(gen, 40_000, 45_000),
    revocationId: BigInt(256 * gen(fc.nat, { max: 4095 }) + gen(fc.nat, { max: 251 })),
    revoked: [],
    deviceKeys: [0, 1, 2, 3].map((index) => (index <= place ? randomElement(gen) : 0n)),
    deviceSelector: [0n, 0n, 0n, 0n].with(place, 1n),
    deviceKeysSalt: randomElement(gen),
    keyNotBefore: randomDay(gen, 0, 40_000),
    keyNotAfter: randomDay(gen, 45_000, LAST_DAY),
    schema: schemaField(SCHEMA),
  })
}

function randomSession(gen: Gen) {
  return {
    context: randomElement(gen),
    walletNonce: randomElement(gen),
    today: randomDay(gen, 46_000, 46_100),
    issuedBefore: randomDay(gen, 45_000, LAST_DAY),
    kind: 1n + BigInt(gen(fc.nat, { max: 3 })),
    scope: randomElement(gen),
    deviceSalt: randomElement(gen),
    otherIssuers: Array.from({ length: gen(fc.nat, { max: 5 }) }, () => randomElement(gen)),
  }
}

function randomElement(gen: Gen): FieldElement {
  return toField(gen(fc.bigInt, { min: 1n, max: 2n ** 253n }))
}

function randomDay(gen: Gen, min: number, max: number): bigint {
  return BigInt(gen(fc.integer, { min, max }))
}

/** The questions of a query, their set and their hash, by the protocol's own code. */
function asked(predicates: readonly Predicate[]): Pick<PresentCase, 'questions' | 'queryHash' | 'set'> {
  const compiled = compilePredicates(SCHEMA, predicates)
  const questions = compiled.map(({ slot, mode, negate, low, high }) => {
    return { slot: BigInt(slot), mode: BigInt(mode), negate: negate ? 1n : 0n, low, high }
  })
  const overSet = predicates.find(isOverSet)
  const type = SCHEMA.claims.find(({ name }) => name === overSet?.claim)?.type
  const set =
    overSet && 'values' in overSet && type ? overSet.values.map((member) => encodeClaim(type, member)) : undefined
  return { questions, queryHash: queryHash(SCHEMA, compiled), ...(set && { set }) }
}

const KIND_OF: readonly Kind[] = ['login', 'action', 'vote', 'spend']

/** The public signals that a verifier checks a proof against. */
function expectedSignals(given: PresentCase, issuersRoot: bigint, predicates: readonly Predicate[], claims: Claims) {
  const { context, walletNonce, scope } = given
  const kind = KIND_OF[Number(given.kind) - 1] ?? 'issuer'
  const secret = toField(given.holderSecret)
  return presentSignals({
    nullifier: nullifier(kind, secret, scope),
    link: holderLink(secret, context, walletNonce),
    credentialLink: credentialLink(secret, caseCredentialHash(given), context, walletNonce),
    deviceCommitment: deviceCommitment(
      toField(given.deviceKeys[given.deviceSelector.indexOf(1n)] ?? 0n),
      given.deviceSalt,
    ),
    disclosed: disclosedSignals(SCHEMA, predicates, disclosedClaims(predicates, claims)) ?? [],
    context,
    walletNonce,
    today: toDay(Number(given.today)),
    issuedBefore: toDay(Number(given.issuedBefore)),
    issuersRoot: toField(issuersRoot),
    queryHash: queryHash(SCHEMA, compilePredicates(SCHEMA, predicates)),
    kind,
    scope,
  })
}
