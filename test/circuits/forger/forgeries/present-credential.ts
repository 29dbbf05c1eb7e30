import { FIELD_ORDER, toField } from '../../../../src/protocol/field.ts'
import { JUBJUB_SUBGROUP_ORDER } from '../../../../src/protocol/issuer-signature.ts'
import { affine, Point, smallOrderPoints, testPublicKey, testSign } from '../../baby-jubjub.ts'
import { caseCredentialHash, ISSUER_SEED, type PresentCase, presentInputs } from '../../present-case.ts'
import type { FalseStatement } from './false-statements.ts'
import { honestCase } from './present-cases.ts'

/** Lines 1 to 3, 6 and 8: not mine, not this credential, not signed, not valid, of no kind. */
export function falseCredentials(seed: number): FalseStatement[] {
  const honest = honestCase(seed)
  return [...falseHolders(honest), ...falseDates(honest), ...falseMessages(honest), ...falseSignatures(honest)]
}

function falseHolders(honest: PresentCase): FalseStatement[] {
  const half = (FIELD_ORDER + 1n) / 2n
  const oneHot = (place: number, value = 1n) => [0n, 0n, 0n, 0n].map((zero, index) => (index === place ? value : zero))
  const selectors: [string, bigint[]][] = [
    ['no key', [0n, 0n, 0n, 0n]],
    ['all four keys', [1n, 1n, 1n, 1n]],
    ['three keys', [1n, 1n, 1n, 0n]],
    ['a quarter of each key', [0n, 0n, 0n, 0n].map(() => (half * half) % FIELD_ORDER)],
    ...[0, 1, 2, 3].map((place): [string, bigint[]] => [`key ${place} twice`, oneHot(place, 2n)]),
    ...[0, 1, 2, 3].map((place): [string, bigint[]] => [`key ${place} with a minus`, oneHot(place, FIELD_ORDER - 1n)]),
  ]
  for (const [one, two] of PAIRS) {
    const both = (first: bigint, second: bigint) =>
      [0, 1, 2, 3].map((place) => (place === one ? first : place === two ? second : 0n))
    selectors.push(
      [`keys ${one} and ${two} together`, both(1n, 1n)],
      [`half of key ${one} and half of key ${two}`, both(half, half)],
      [`twice key ${one} less key ${two}`, both(2n, FIELD_ORDER - 1n)],
      [`twice key ${two} less key ${one}`, both(FIELD_ORDER - 1n, 2n)],
    )
  }
  return [
    statement('a holder without a secret', { ...honest, holderSecret: 0n }, /^NonZero/),
    ...[0n, 5n, 6n, 8n, FIELD_ORDER - 1n, 2n ** 32n + 1n, 2n ** 253n].map((kind) =>
      statement(`a presentation of kind ${kind}`, { ...honest, kind }, /^PresentationKind/),
    ),
    ...[0, 1, 2, 3].map((place) =>
      statement(
        `the device key of empty place ${place}`,
        {
          ...honest,
          deviceKeys: honest.deviceKeys.map((key, index) => (index === place ? 0n : key)),
          deviceSelector: oneHot(place),
        },
        /^DeviceKeyChoice/,
      ),
    ),
    ...selectors.map(([what, deviceSelector]) =>
      statement(`the device key is ${what}`, { ...honest, deviceSelector }, /^DeviceKeyChoice|^deviceSelector/),
    ),
  ]
}

const PAIRS = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
] as const

function falseDates(honest: PresentCase): FalseStatement[] {
  const { today, issuedAt } = honest
  const beyond: [string, (value: bigint) => bigint][] = [
    ['2^32 later', (value) => value + 2n ** 32n],
    ['2^32', () => 2n ** 32n],
    ['−1', () => FIELD_ORDER - 1n],
    ['2^32 before 0', () => FIELD_ORDER - 2n ** 32n],
    ['half of the field', () => (FIELD_ORDER + 1n) / 2n],
  ]
  const days = ['today', 'validFrom', 'validUntil', 'issuedAt', 'keyNotBefore', 'keyNotAfter', 'issuedBefore'] as const
  return [
    statement('a credential that expired yesterday', { ...honest, validUntil: today - 1n }, /^DayWithin/),
    statement('a credential that is valid from tomorrow', { ...honest, validFrom: today + 1n }, /^DayWithin/),
    statement(
      'a credential that ended before it began',
      { ...honest, validFrom: today + 1n, validUntil: today - 1n },
      /^DayWithin/,
    ),
    statement("a key's first day after issuance", { ...honest, keyNotBefore: issuedAt + 1n }, /^DayWithin/),
    statement("a key's last day before issuance", { ...honest, keyNotAfter: issuedAt - 1n }, /^DayWithin/),
    statement('issued a day too late', { ...honest, issuedBefore: issuedAt - 1n }, /^DayOrder/),
    statement('issued much too late', { ...honest, issuedBefore: 0n }, /^DayOrder/),
    ...days.flatMap((name) =>
      beyond.map(([what, change]) =>
        statement(`${name} is ${what}`, { ...honest, [name]: change(honest[name]) }, /^Day/),
      ),
    ),
  ]
}

/** Everything else is computed from the changed credential, only the signature is of the one before. */
function falseMessages(honest: PresentCase): FalseStatement[] {
  const signature = testSign(ISSUER_SEED, caseCredentialHash(honest))
  const changed = (what: string, change: Partial<PresentCase>) =>
    statement(`${what} not as signed`, { ...honest, ...change, signature }, EQUATION)
  return [
    // Those that no question asks about, so that all else stays true.
    ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((slot) =>
      changed(`claim ${slot}`, { claims: honest.claims.map((claim, index) => (index === slot ? claim + 1n : claim)) }),
    ),
    changed('the disclosed claim', { claims: honest.claims.map((claim, slot) => (slot === 0 ? claim + 1n : claim)) }),
    changed('the hashed name', { claims: honest.claims.map((claim, slot) => (slot === 1 ? claim + 2n : claim)) }),
    changed('the mask', { presenceMask: 0xffffn }),
    changed('the schema', { schema: toField(honest.schema + 1n) }),
    changed('the first day', { validFrom: honest.validFrom + 1n }),
    changed('the last day', { validUntil: honest.validUntil + 1n }),
    changed('the day of issuance', { issuedAt: honest.issuedAt + 1n }),
    changed('the revocation identifier', { revocationId: honest.revocationId + 2n }),
    changed("the holder's secret", { holderSecret: honest.holderSecret + 1n }),
    changed("the holder's blinding", { holderBlinding: toField(honest.holderBlinding + 1n) }),
    changed('the salt of the device keys', { deviceKeysSalt: toField(honest.deviceKeysSalt + 1n) }),
    ...[0, 1, 2, 3].map((place) =>
      changed(`device key ${place}`, {
        deviceKeys: honest.deviceKeys.map((key, index) => (index === place ? key + 1n : key)),
      }),
    ),
    changed('the order of the device keys', { deviceKeys: honest.deviceKeys.toReversed() }),
    changed('the order of the claims', {
      claims: [...honest.claims.slice(0, 7), ...honest.claims.slice(7).toReversed()],
    }),
  ]
}

function falseSignatures(honest: PresentCase): FalseStatement[] {
  const key = testPublicKey(ISSUER_SEED)
  const { r8, s } = testSign(ISSUER_SEED, caseCredentialHash(honest))
  const signed = (what: string, signature: typeof honest.signature, refusedBy = EQUATION) =>
    statement(`a signature with ${what}`, { ...honest, ...(signature && { signature }) }, refusedBy)
  const keyed = (what: string, issuerKey: readonly [bigint, bigint], refusedBy = EQUATION) =>
    statement(
      `a key that is ${what}`,
      { ...honest, issuerKey: [toField(issuerKey[0]), toField(issuerKey[1])], signature: { r8, s } },
      refusedBy,
    )
  const minus = (value: bigint) => toField((FIELD_ORDER - value) % FIELD_ORDER)
  const plus = (one: readonly [bigint, bigint], two: readonly [bigint, bigint]) =>
    affine(Point.fromAffine({ x: one[0], y: one[1] }).add(Point.fromAffine({ x: two[0], y: two[1] })))
  const small = smallOrderPoints()
  return [
    signed('S + l', { r8, s: s + JUBJUB_SUBGROUP_ORDER }, /^IssuerSignature.*(compConstant|snum2bits)/),
    signed('S + 2l', { r8, s: s + 2n * JUBJUB_SUBGROUP_ORDER }),
    signed('S one more', { r8, s: s + 1n }),
    signed('S = 0', { r8, s: 0n }),
    signed('S = l', { r8, s: JUBJUB_SUBGROUP_ORDER }),
    signed('S = −1', { r8, s: FIELD_ORDER - 1n }),
    signed('the other sign of S', { r8, s: JUBJUB_SUBGROUP_ORDER - s }),
    signed('the other sign of R8', { r8: [minus(r8[0]), r8[1]], s }),
    signed('the coordinates of R8 in each other’s place', { r8: [r8[1], r8[0]], s }),
    signed('the key for R8', { r8: key, s }),
    signed('R8 off the curve in x', { r8: [toField(r8[0] + 1n), r8[1]], s }),
    signed('R8 off the curve in y', { r8: [r8[0], toField(r8[1] + 1n)], s }),
    signed('R8 at (0, 0)', { r8: [toField(0), toField(0)], s }),
    ...small.map((point, index) => signed(`R8 of small order, number ${index}`, { r8: point, s })),
    ...small
      .slice(1)
      .map((point, index) => signed(`R8 plus a point of small order, number ${index + 1}`, { r8: plus(r8, point), s })),
    keyed("another issuer's", testPublicKey(9)),
    keyed('the other sign of the right one', [minus(key[0]), key[1]]),
    keyed('the right one with its coordinates in each other’s place', [key[1], key[0]]),
    keyed('off the curve in x', [key[0] + 1n, key[1]]),
    keyed('off the curve in y', [key[0], key[1] + 1n]),
    keyed('(0, 0)', [0n, 0n]),
    ...small.map((point, index) => keyed(`of small order, number ${index}`, point)),
  ]
}

const EQUATION = /^IssuerSignature|^issuerKey|^signatureR8/

function statement(name: string, given: PresentCase, refusedBy: RegExp): FalseStatement {
  return { name, inputs: presentInputs(given), refusedBy }
}
