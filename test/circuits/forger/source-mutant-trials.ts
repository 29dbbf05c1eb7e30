import { deviceCommitment, deviceTag } from '../../../src/protocol/device.ts'
import { type FieldElement, toField } from '../../../src/protocol/field.ts'
import { holderCommitment, nullifier } from '../../../src/protocol/holder.ts'
import type { CircuitId } from '../../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import { type GroupCase, groupInputs, groupOutputs } from '../group-case.ts'
import {
  acceptedCase,
  HASHED_NAME,
  MODE,
  type PresentCase,
  presentInputs,
  presentOutputs,
  SLOTS,
  setCase,
} from '../present-case.ts'
import type { FalseStatement } from './forgeries/false-statements.ts'
import { falseGroupStatements, randomGroupCase } from './forgeries/group.ts'
import { falseIssueStatements } from './forgeries/issue.ts'
import { falseLoginStatements } from './forgeries/login.ts'
import { falsePresentStatements } from './forgeries/present.ts'
import { honestCase, otherCase } from './forgeries/present-cases.ts'
import { seeded } from './seeded.ts'

/** What a changed circuit must still do, and still refuse. */
export type Trials = {
  /** Inputs that it must prove, with the outputs that the protocol's own code computes from them. */
  readonly honest: readonly { readonly inputs: WitnessInputs; readonly outputs: Readonly<Record<string, bigint>> }[]
  readonly false: readonly FalseStatement[]
}

export function trialsOf(circuit: CircuitId, seed: number): Trials {
  return TRIALS[circuit](seed)
}

const TRIALS: Record<CircuitId, (seed: number) => Trials> = {
  'issue-v1': (seed) => ({ honest: [issueTrial(seed), issueTrial(seed + 1)], false: falseIssueStatements(seed) }),
  'login-v1': (seed) => ({ honest: [loginTrial(seed), loginTrial(seed + 1)], false: falseLoginStatements(seed) }),
  'group-v1': (seed) => ({
    honest: groupCases(seed).map((given) => ({ inputs: groupInputs(given), outputs: groupOutputs(given) })),
    false: falseGroupStatements(seed),
  }),
  'present-v1': (seed) => ({
    honest: presentCases(seed).map((given) => ({ inputs: presentInputs(given), outputs: presentOutputs(given) })),
    false: falsePresentStatements(seed),
  }),
}

function issueTrial(seed: number) {
  const { field } = seeded(seed, 'issue-v1 trial')
  const [context, issuerScope, secret, blinding] = [field(), field(), field(), field()]
  return {
    inputs: { context, issuerScope, holderSecret: secret, holderBlinding: blinding },
    outputs: {
      holderCommitment: holderCommitment(secret, blinding),
      issuerTag: nullifier('issuer', secret, issuerScope),
    },
  }
}

function loginTrial(seed: number) {
  const { field } = seeded(seed, 'login-v1 trial')
  const [context, scope, secret, deviceKey, deviceSalt] = [field(), field(), field(), field(), field()]
  return {
    inputs: { context, scope, holderSecret: secret, deviceKey, deviceSalt },
    outputs: {
      nullifier: nullifier('login', secret, scope),
      deviceTag: deviceTag(secret, deviceKey, scope),
      deviceCommitment: deviceCommitment(deviceKey, deviceSalt),
    },
  }
}

/** In each of the four places, of each kind, alone and among others. */
function groupCases(seed: number): GroupCase[] {
  const given = randomGroupCase(seed, 'honest')
  const members = Array.from({ length: 4 }, seeded(seed, 'group-v1 trial').field)
  const placed = [0, 1, 2, 3].map((place) => ({
    ...given,
    kind: BigInt(place + 1),
    before: members.slice(0, place),
    after: members.slice(place, 3),
  }))
  return [...placed, given, { ...given, before: [], after: [] }]
}

/** Every mode, each kind, each device key, and what stands at the bounds. */
function presentCases(seed: number): PresentCase[] {
  const honest = honestCase(seed)
  const { today, issuedAt } = honest
  const oneHot = (place: number): bigint[] => [0, 1, 2, 3].map((index) => (index === place ? 1n : 0n))
  const bounds = {
    validFrom: today,
    validUntil: today,
    keyNotBefore: issuedAt,
    keyNotAfter: issuedAt,
    issuedBefore: issuedAt,
  }
  const question = (slot: bigint, mode: bigint, low = 0n, high = 0n, negate = 0n) => ({ slot, mode, low, high, negate })
  const birth = honest.claims[Number(SLOTS.birthDate)] ?? 0n
  return [
    honest,
    otherCase(seed),
    { ...honest, kind: 3n, deviceSelector: oneHot(0), validFrom: 0n, validUntil: 2n ** 32n - 1n, revocationId: 0n },
    {
      ...honest,
      kind: 4n,
      deviceSelector: oneHot(3),
      ...bounds,
      revocationId: 256n * 4095n + 251n,
      otherIssuers: fifteen(seed),
    },
    acceptedCase({
      questions: [
        question(SLOTS.birthDate, MODE.RANGE, birth, birth),
        question(SLOTS.birthDate, MODE.RANGE, birth + 1n, birth + 2n, 1n),
        question(SLOTS.birthDate, MODE.RANGE, 0n, birth - 1n, 1n),
        question(SLOTS.absent, MODE.EXISTS, 0n),
      ],
    }),
    acceptedCase({
      questions: [
        question(SLOTS.name, MODE.DISCLOSE),
        question(15n, MODE.EXISTS, 1n),
        question(SLOTS.largest, MODE.RANGE, 0n, 2n ** 64n - 1n),
        question(SLOTS.zero, MODE.EQUAL),
      ],
    }),
    // The claim in each slot, so that no two slots can stand for one another.
    ...[0n, 4n, 8n, 12n].map((first) =>
      acceptedCase({
        claims: acceptedCase().claims.map((_, slot) => BigInt(1 + slot)),
        presenceMask: 2n ** 16n - 1n,
        questions: [0n, 1n, 2n, 3n].map((offset) => question(first + offset, MODE.DISCLOSE)),
      }),
    ),
    // The last place on every level of a tree.
    acceptedCase({ otherIssuers: numbers(15).map(toField) }),
    setCase({ slot: SLOTS.name, set: [...numbers(255), HASHED_NAME] }),
    setCase({ slot: SLOTS.name, set: [HASHED_NAME, 2n, 2n ** 252n - 1n] }),
    setCase({ slot: SLOTS.zero, set: [HASHED_NAME, 2n], negate: 1n }),
    setCase({ slot: SLOTS.name, set: [HASHED_NAME - 1n], negate: 1n }),
  ]
}

function numbers(count: number): bigint[] {
  return Array.from({ length: count }, (_, number) => BigInt(1 + number))
}

function fifteen(seed: number): FieldElement[] {
  const { field } = seeded(seed, 'present-v1 trial')
  return Array.from({ length: 15 }, () => toField(field()))
}
