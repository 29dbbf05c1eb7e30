import { type CredentialFields, credentialHash } from '../../src/protocol/credential.ts'
import { type Day, parseDay } from '../../src/protocol/day.ts'
import { deviceCommitment, deviceKeysCommitment } from '../../src/protocol/device.ts'
import { type FieldElement, reduceToField, toField } from '../../src/protocol/field.ts'
import { credentialLink, holderCommitment, holderLink } from '../../src/protocol/holder.ts'
import { issuerLeaf, issuerSet } from '../../src/protocol/issuer-set.ts'
import type { IssuerSignature, JubjubPoint } from '../../src/protocol/issuer-signature.ts'
import { type MemberSet, memberSet } from '../../src/protocol/member-set.ts'
import { poseidonTagged } from '../../src/protocol/poseidon.ts'
import { MODES } from '../../src/protocol/predicate.ts'
import type { QuaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { STATUS_LEAVES, statusListOf, statusTree } from '../../src/protocol/status-list.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import { testPublicKey, testSign } from './baby-jubjub.ts'

/** One of the four questions, as the circuit takes it. */
export type Question = { slot: bigint; mode: bigint; negate: bigint; low: bigint; high: bigint }

/** Everything a presentation is made from. What is derived (hashes, signature, roots) is computed by {@link presentInputs}. */
export type PresentCase = {
  context: FieldElement
  walletNonce: FieldElement
  today: bigint
  issuedBefore: bigint
  kind: bigint
  scope: FieldElement
  holderSecret: bigint
  holderBlinding: FieldElement
  claims: readonly bigint[]
  presenceMask: bigint
  validFrom: bigint
  validUntil: bigint
  issuedAt: bigint
  revocationId: bigint
  /** Identifiers that the issuer has revoked. */
  revoked: readonly number[]
  deviceKeys: readonly bigint[]
  deviceSelector: readonly bigint[]
  deviceKeysSalt: FieldElement
  deviceSalt: FieldElement
  keyNotBefore: bigint
  keyNotAfter: bigint
  /** Leaves of the other accepted issuer keys. */
  otherIssuers: readonly FieldElement[]
  schema: FieldElement
  questions: readonly Question[]
  /** Members of the set that a question of mode SET is about. */
  set?: readonly bigint[]
} & Partial<Derived>

/** What issuer, verifier and wallet derive, where a forger has its own. */
type Derived = {
  issuerKey: JubjubPoint
  signature: IssuerSignature
  issuersRoot: bigint
  /** Two levels of four, flat, from the leaf's up. */
  issuerPath: readonly bigint[]
  statusLeaf: bigint
  /** Six levels of four, flat. */
  statusPath: readonly bigint[]
  /** The root of the list in the issuer's leaf. */
  revocationRoot: FieldElement
  queryHash: bigint
  setRoot: bigint
  setMember: bigint
  setNext: bigint
  /** Four levels of four, flat. */
  setPath: readonly bigint[]
}

export const ISSUER_SEED = 7

/** Slots of {@link acceptedCase}. */
export const SLOTS = {
  birthDate: 0n,
  name: 1n,
  zero: 2n,
  largest: 3n,
  tooLarge: 4n,
  absent: 5n,
  absentNonZero: 6n,
} as const

/** 252 bits, as hashed text is. */
export const HASHED_NAME = toField(2n ** 251n + 12345n)
export const MAX_64 = 2n ** 64n - 1n

/** {@link MODES} as the circuit takes them. */
export const MODE = {
  NOOP: BigInt(MODES.NOOP),
  RANGE: BigInt(MODES.RANGE),
  EQUAL: BigInt(MODES.EQUAL),
  SET: BigInt(MODES.SET),
  EXISTS: BigInt(MODES.EXISTS),
  DISCLOSE: BigInt(MODES.DISCLOSE),
} as const

export const NOOP: Question = { slot: 0n, mode: MODE.NOOP, negate: 0n, low: 0n, high: 0n }

/**
 * A credential of somebody born on 2000-06-15, of one of three accepted issuers, whose neighbours in the status list are
 * revoked; presented on 2026-01-10 with four empty questions. Accepted.
 */
export function acceptedCase(overrides: Partial<PresentCase> = {}): PresentCase {
  const claims = Array.from({ length: 16 }, (_, slot) => (slot > 6 ? BigInt(1000 + slot) : 0n))
  claims[Number(SLOTS.birthDate)] = day('2000-06-15')
  claims[Number(SLOTS.name)] = HASHED_NAME
  claims[Number(SLOTS.largest)] = MAX_64
  claims[Number(SLOTS.tooLarge)] = MAX_64 + 1n
  claims[Number(SLOTS.absentNonZero)] = 77n
  return {
    context: toField(1001),
    walletNonce: toField(1002),
    today: day('2026-01-10'),
    issuedBefore: day('2026-01-10'),
    kind: 1n,
    scope: toField(1003),
    holderSecret: 2001n,
    holderBlinding: toField(2002),
    claims,
    presenceMask: 0xffffn & ~((1n << SLOTS.absent) | (1n << SLOTS.absentNonZero)),
    validFrom: day('2025-01-01'),
    validUntil: day('2027-01-01'),
    issuedAt: day('2025-01-01'),
    revocationId: 3001n,
    revoked: [3000, 3002],
    deviceKeys: [4001n, 4002n, 0n, 0n],
    deviceSelector: [0n, 1n, 0n, 0n],
    deviceKeysSalt: toField(4003),
    deviceSalt: toField(4004),
    keyNotBefore: day('2024-01-01'),
    keyNotAfter: day('2026-12-31'),
    otherIssuers: [toField(5001), toField(5002)],
    schema: toField(6001),
    questions: [NOOP, NOOP, NOOP, NOOP],
    ...overrides,
  }
}

/** {@link acceptedCase} with one question, the others empty. */
export function askedCase(question: Partial<Question>, overrides: Partial<PresentCase> = {}): PresentCase {
  return acceptedCase({ questions: [{ ...NOOP, ...question }, NOOP, NOOP, NOOP], ...overrides })
}

/** {@link askedCase} with the question whether the claim in a slot is in a set, or with `negate` is not. */
export function setCase(
  { slot, set, negate = 0n }: { slot: bigint; set: readonly bigint[]; negate?: bigint },
  overrides: Partial<PresentCase> = {},
): PresentCase {
  return askedCase({ slot, mode: MODE.SET, negate }, { set, ...overrides })
}

/** The circuit's inputs: signed by the test issuer, with the roots and query hash that a verifier would compute. */
export function presentInputs(given: PresentCase) {
  const { issuerKey = testPublicKey(ISSUER_SEED), questions, signature, queryHash, ...rest } = given
  const { revoked, revocationRoot, otherIssuers, set, ...plain } = rest
  const signed = signature ?? testSign(ISSUER_SEED, caseCredentialHash(given))
  const setInputs = caseSetInputs(given)
  return {
    ...caseStatusInputs(given),
    ...caseIssuerInputs(given),
    ...setInputs,
    ...plain,
    issuerKey,
    signatureR8: signed.r8,
    signatureS: signed.s,
    queryHash: queryHash ?? caseQueryHash(given, given.setRoot ?? setInputs.setRoot),
    slots: questions.map(({ slot }) => slot),
    modes: questions.map(({ mode }) => mode),
    negates: questions.map(({ negate }) => negate),
    lows: questions.map(({ low }) => low),
    highs: questions.map(({ high }) => high),
  } satisfies WitnessInputs
}

/** The outputs as the protocol's own code computes them. */
export function presentOutputs(given: PresentCase): Record<string, bigint> {
  const { context, walletNonce, scope } = given
  const secret = toField(given.holderSecret)
  const chosen = given.deviceKeys[given.deviceSelector.indexOf(1n)] ?? 0n
  const disclosed = given.questions.map(({ mode, slot }) =>
    mode === MODE.DISCLOSE ? (given.claims[Number(slot)] ?? 0n) : 0n,
  )
  return {
    nullifier: poseidonTagged('NUL', [toField(given.kind), secret, scope]),
    link: holderLink(secret, context, walletNonce),
    credentialLink: credentialLink(secret, caseCredentialHash(given), context, walletNonce),
    deviceCommitment: deviceCommitment(toField(chosen), given.deviceSalt),
    ...Object.fromEntries(disclosed.map((value, index) => [`disclosed[${index}]`, value])),
  }
}

export function caseCredentialHash(given: PresentCase): FieldElement {
  const fields: CredentialFields = {
    schema: given.schema,
    claims: given.claims.map(toField),
    presenceMask: unranged(given.presenceMask),
    holderCommitment: holderCommitment(toField(given.holderSecret), given.holderBlinding),
    deviceKeysCommitment: deviceKeysCommitment(given.deviceKeys.map(toField), given.deviceKeysSalt),
    validFrom: unranged(given.validFrom),
    validUntil: unranged(given.validUntil),
    issuedAt: unranged(given.issuedAt),
    revocationId: unranged(given.revocationId),
  }
  return credentialHash(fields)
}

/** The issuer's leaf in the set of accepted ones. */
export function caseIssuerLeaf(given: PresentCase): FieldElement {
  const key = {
    keyId: 'test',
    point: given.issuerKey ?? testPublicKey(ISSUER_SEED),
    notBefore: unranged(given.keyNotBefore),
    notAfter: unranged(given.keyNotAfter),
  }
  return issuerLeaf(key, given.revocationRoot ?? caseStatusTree(given).root)
}

/** The tree over the issuer's status list. */
export function caseStatusTree({ revoked }: PresentCase): QuaternaryTree {
  const key = revoked.join()
  const tree = statusTrees.get(key) ?? statusTree(statusListOf(revoked))
  statusTrees.set(key, tree)
  return tree
}

const statusTrees = new Map<string, QuaternaryTree>()

/** The leaf and path of the credential's identifier, revoked or not: a forger has them too. */
function caseStatusInputs(given: PresentCase) {
  const place = Number((given.revocationId >> 8n) % BigInt(STATUS_LEAVES))
  const path = caseStatusTree(given).path(place)
  return { statusLeaf: path[0]?.[place % 4] ?? 0n, statusPath: path.flat() }
}

function caseIssuerInputs(given: PresentCase) {
  const leaf = caseIssuerLeaf(given)
  const set = issuerSet([leaf, ...given.otherIssuers])
  return { issuersRoot: set.root, issuerPath: set.path(leaf).flat() }
}

/** Without a set the root is 0, and the gap any that its own path opens: the circuit hashes the path all the same. */
function caseSetInputs({ set, questions, claims }: PresentCase) {
  const asked = questions.find(({ mode }) => mode === MODE.SET)
  const members = caseMemberSet(set ?? [0n])
  const { member, next, path } = members.gap(toField(claims[Number(asked?.slot ?? 0n)] ?? 0n))
  return { setRoot: set ? members.root : 0n, setMember: member, setNext: next, setPath: path.flat() }
}

export function caseMemberSet(members: readonly bigint[]): MemberSet {
  return memberSet(members.map(toField))
}

/** Reduced in the field as the circuit does it, so that forged slots, modes and negations get their hash too. */
function caseQueryHash(given: PresentCase, setRoot: bigint): FieldElement {
  const parts = given.questions.flatMap(({ slot, mode, negate, low, high }) => [
    slot + 16n * mode + 128n * negate,
    low,
    high,
  ])
  return poseidonTagged('QRY', [given.schema, ...[...parts, setRoot].map(reduceToField)])
}

/**
 * A number outside the range its type allows, up to any field element. The cast is safe because the hash functions, its
 * only readers, take integers of either kind.
 */
function unranged(value: bigint): Day {
  return value as unknown as Day
}

export function day(date: string): bigint {
  return BigInt(parseDay(date))
}
