import { type FieldElement, toField } from '../../../../src/protocol/field.ts'
import { testPublicKey, testSign } from '../../baby-jubjub.ts'
import {
  acceptedCase,
  caseCredentialHash,
  day,
  HASHED_NAME,
  MODE,
  type PresentCase,
  SLOTS,
} from '../../present-case.ts'
import { type Seeded, seeded } from '../seeded.ts'

/** A case in which every check has something to refuse: all modes but one, a set, four device keys, six issuers. */
export function honestCase(seed: number): PresentCase {
  const random = seeded(seed, 'present-v1 forgeries honest')
  return acceptedCase({
    ...session(random),
    deviceKeys: keys(random),
    otherIssuers: Array.from({ length: 5 }, random.field),
    questions: [
      { slot: SLOTS.birthDate, mode: MODE.RANGE, negate: 1n, low: day('2001-01-10'), high: day('2008-01-10') },
      { slot: SLOTS.name, mode: MODE.EQUAL, negate: 1n, low: HASHED_NAME + 1n, high: 0n },
      { slot: SLOTS.name, mode: MODE.SET, negate: 1n, low: 0n, high: 0n },
      { slot: SLOTS.birthDate, mode: MODE.DISCLOSE, negate: 0n, low: 0n, high: 0n },
    ],
    set: [HASHED_NAME - 5n, HASHED_NAME + 5n, 17n, 2n ** 252n - 1n, HASHED_NAME + 1n],
  })
}

/** Differs from {@link honestCase} in every input. */
export function otherCase(seed: number): PresentCase {
  const random = seeded(seed, 'present-v1 forgeries other')
  const claims = acceptedCase().claims.map((claim) => claim + 1n)
  const given = acceptedCase({
    ...session(random),
    today: day('2026-02-02'),
    issuedBefore: day('2026-02-01'),
    kind: 2n,
    claims,
    presenceMask: 0xff5fn,
    validFrom: day('2025-06-01'),
    validUntil: day('2028-01-01'),
    issuedAt: day('2025-05-01'),
    revocationId: 256n * 2077n + 199n,
    revoked: [256 * 2077 + 198, 256 * 2078],
    deviceKeys: keys(random),
    deviceSelector: [0n, 0n, 1n, 0n],
    keyNotBefore: day('2025-01-01'),
    keyNotAfter: day('2027-12-31'),
    otherIssuers: Array.from({ length: 11 }, random.field),
    questions: [
      { slot: SLOTS.zero, mode: MODE.DISCLOSE, negate: 0n, low: 0n, high: 1n },
      { slot: SLOTS.zero, mode: MODE.SET, negate: 0n, low: 1n, high: 2n },
      { slot: SLOTS.birthDate, mode: MODE.RANGE, negate: 1n, low: day('2003-01-01'), high: day('2009-01-01') },
      { slot: SLOTS.largest, mode: MODE.EQUAL, negate: 0n, low: claims[Number(SLOTS.largest)] ?? 0n, high: 3n },
    ],
    set: [1n, 5n, 9n, 12n, 15n, 19n],
    issuerKey: testPublicKey(OTHER_ISSUER_SEED),
  })
  return { ...given, signature: testSign(OTHER_ISSUER_SEED, caseCredentialHash(given)) }
}

export const OTHER_ISSUER_SEED = 8

function session({ field }: Seeded) {
  return {
    context: field(),
    walletNonce: field(),
    scope: field(),
    holderSecret: field(),
    holderBlinding: field(),
    deviceKeysSalt: field(),
    deviceSalt: field(),
    schema: field(),
  }
}

function keys({ field }: Seeded): FieldElement[] {
  return Array.from({ length: 4 }, () => toField(field()))
}
