import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import { loadCircuit } from '../../circuit.ts'
import { acceptedCase, MODE, NOOP, type PresentCase, presentInputs, type Question } from '../../present-case.ts'
import { presentForgeries } from '../forgeries/present.ts'
import { type Seeded, seeded } from '../seeded.ts'
import type { ForgeTarget } from '../target.ts'

export const target: ForgeTarget = {
  name: 'present-v1',
  load: () => loadCircuit('present-v1'),
  inputs: (seed) => presentInputs(seed === 0 ? EMPTY_CASE : randomCase(seeded(seed, 'present-v1'))),
  survivors: [
    {
      signal: /^IssuerSignature\.EdDSAPoseidonVerifier\.eqCheck[XY]\.isz\.inv$/,
      reason: 'the hint for an inverse of 0, which these differences always are; the verdict does not depend on it',
    },
    {
      signal: /^Predicate\[\d\]\.EqualityCheck\.IsEqual\.isz\.inv$/,
      reason: 'the hint for an inverse of 0, where claim and operand are equal; the verdict does not depend on it',
    },
    {
      signal: /^Predicate\[\d\]\.RangeCheck\.above$/,
      reason: 'where 2v = low + high it multiplies 0; in a negated range only a true side has a proof',
    },
    {
      signal: /^issuedBefore$/,
      reason: 'a later day satisfies the statement as well; the verifier computes this input',
    },
    {
      signal: /^SetQuestion\.SetCheck\.wraps$/,
      reason: 'read only where a claim must be outside a set; elsewhere either turn may be claimed',
    },
  ],
  undetermined: [
    {
      signal: /^IssuerSignature\.EdDSAPoseidonVerifier\.eqCheck[XY]\.isz\.inv$/,
      reason: 'the hint for an inverse of 0, which these differences always are; the verdict does not depend on it',
    },
    {
      signal: /^Predicate\[\d\]\.EqualityCheck\.IsEqual\.isz\.inv$/,
      reason: 'the hint for an inverse of 0, where claim and operand are equal; the verdict does not depend on it',
    },
  ],
  forgeries: presentForgeries,
  issuerSignature: true,
}

/** Zeros wherever the statement allows them: a product with 0 could hide a change. */
const EMPTY_CASE: PresentCase = acceptedCase({
  claims: acceptedCase().claims.map(() => 0n),
  presenceMask: 0n,
  revocationId: 0n,
  revoked: [],
  otherIssuers: [],
  questions: [NOOP, NOOP, NOOP, NOOP],
})

/**
 * Another person, credential, issuer term and session; four questions of any mode, at most one of them about a set,
 * each with the answer yes.
 */
function randomCase(random: Seeded): PresentCase {
  const { field, below, pick } = random
  const claims = Array.from({ length: 16 }, () => pick([() => field(), () => below(2n ** 64n), () => below(4n)])())
  const presenceMask = below(2n ** 16n)
  const validFrom = 20_000n + below(20_000n)
  const today = validFrom + below(1_000n)
  const issuedAt = validFrom - below(100n)
  const place = Number(below(4n))
  const revocationId = randomRevocationId(random)
  const questions = Array.from({ length: 4 }, () => randomQuestion(claims, presenceMask, random))
  const asked = randomSetQuestion(claims, presenceMask, random)
  if (asked) questions[Number(below(4n))] = asked.question
  return acceptedCase({
    context: field(),
    walletNonce: field(),
    today,
    issuedBefore: issuedAt + below(5_000n),
    kind: 1n + below(4n),
    scope: field(),
    holderSecret: field(),
    holderBlinding: field(),
    claims,
    presenceMask,
    validFrom,
    validUntil: today + below(1_000n),
    issuedAt,
    revocationId,
    revoked: Array.from({ length: 3 }, () => Number(randomRevocationId(random))).filter(
      (id) => BigInt(id) !== revocationId,
    ),
    deviceKeys: Array.from({ length: 4 }, (_, index) => (index === place || below(2n) === 1n ? field() : 0n)),
    deviceSelector: Array.from({ length: 4 }, (_, index) => (index === place ? 1n : 0n)),
    deviceKeysSalt: field(),
    deviceSalt: field(),
    keyNotBefore: issuedAt - below(1_000n),
    keyNotAfter: issuedAt + below(1_000n),
    otherIssuers: Array.from({ length: Number(below(16n)) }, field),
    schema: field(),
    questions,
    ...(asked && { set: asked.set }),
  })
}

function randomRevocationId({ below }: Seeded): bigint {
  return 256n * below(4096n) + below(252n)
}

/** Undefined where no claim is present or it is too large for a set, and half of the time. */
function randomSetQuestion(
  claims: readonly bigint[],
  presenceMask: bigint,
  { below, field }: Seeded,
): { question: Question; set: bigint[] } | undefined {
  const slot = below(16n)
  if (((presenceMask >> slot) & 1n) === 0n || below(2n) === 0n) return undefined
  const value = claims[Number(slot)] ?? 0n
  const others = Array.from({ length: 1 + Number(below(20n)) }, () => field() % 2n ** 252n).filter(
    (other) => other !== value,
  )
  const isMember = value < 2n ** 252n && below(2n) === 1n
  // The last gap ends 2^252 above the first member, and the hint compares as circom does: above r/2 is negative.
  // Encoded claims are below 2^252; random ones may be beyond either.
  if (value > FIELD_ORDER / 2n || others.some((other) => value >= other + 2n ** 252n)) return undefined
  const question = { ...NOOP, slot, mode: MODE.SET, negate: isMember ? 0n : 1n }
  return { question, set: isMember ? [...others, value] : others }
}

function randomQuestion(claims: readonly bigint[], presenceMask: bigint, { below, pick, field }: Seeded): Question {
  const slot = below(16n)
  const value = claims[Number(slot)] ?? 0n
  const present = ((presenceMask >> slot) & 1n) === 1n
  const question = { ...NOOP, slot }
  const exists = { ...question, mode: MODE.EXISTS, low: present ? 1n : 0n }
  if (!present) return pick([question, exists])
  const equal = { ...question, mode: MODE.EQUAL }
  const choices = [
    question,
    exists,
    { ...equal, low: value },
    { ...equal, low: field(), negate: 1n },
    { ...question, mode: MODE.DISCLOSE },
  ]
  if (value >= 2n ** 64n) return pick(choices)
  const range = { ...question, mode: MODE.RANGE }
  const under = below(value + 1n)
  const over = value + below(2n ** 64n - value)
  choices.push({ ...range, low: under, high: over })
  if (over > value) choices.push({ ...range, negate: 1n, low: value + 1n, high: over })
  if (under < value) choices.push({ ...range, negate: 1n, low: 0n, high: under })
  return pick(choices)
}
