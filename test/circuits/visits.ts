import { deviceCommitment, deviceTag } from '../../src/protocol/device.ts'
import { type FieldElement, toField } from '../../src/protocol/field.ts'
import { credentialLink, holderLink, nullifier } from '../../src/protocol/holder.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { scopeOf } from '../../src/protocol/scope.ts'
import { seeded } from './forger/seeded.ts'
import { acceptedCase, caseCredentialHash, type PresentCase } from './present-case.ts'

/** One presentation: who, where, the how-manieth there, what it was made from, and what the relying party then has. */
export type Visit = {
  holder: number
  party: number
  visit: number
  given: PresentCase
  /** Public signals that depend on the holder or were drawn by the wallet. `deviceTag` is login-v1's. */
  signals: Record<
    'nullifier' | 'deviceTag' | 'link' | 'credentialLink' | 'deviceCommitment' | 'walletNonce',
    FieldElement
  >
}

export const PARTIES = 2
export const VISITS = 2

/** Every holder shares the claims with many others, and all have one issuer, one schema and the same dates. */
const CLAIM_SETS = 20

/** A relying party that repeats its nonce, so that all its sessions have one context; and in collusion with the other. */
const CONTEXT = toField(4242)

const SCOPES = ['https://forum.example', 'https://wine.example'].map((origin) => scopeOf('login', parseOrigin(origin)))

/** All visits of one holder. What the holder draws at random follows from the numbers, so that a failure is found again. */
export function visitsOf(holder: number): Visit[] {
  const { field } = seeded(holder, 'holder')
  const secret = field()
  const key = field()
  const base = acceptedCase({
    context: CONTEXT,
    holderSecret: secret,
    holderBlinding: field(),
    claims: acceptedCase().claims.with(7, BigInt(holder % CLAIM_SETS)),
    revocationId: BigInt(256 * Math.floor(holder / 252) + (holder % 252)),
    revoked: [],
    deviceKeys: [key, 0n, 0n, 0n],
    deviceSelector: [1n, 0n, 0n, 0n],
    deviceKeysSalt: field(),
  })
  const credential = caseCredentialHash(base)
  return SCOPES.flatMap((scope, party) => {
    const names = { nullifier: nullifier('login', secret, scope), deviceTag: deviceTag(secret, key, scope) }
    return Array.from({ length: VISITS }, (_, visit) => {
      const [walletNonce, deviceSalt] = [field(), field()]
      return {
        ...{ holder, party, visit },
        given: { ...base, scope, walletNonce, deviceSalt },
        signals: {
          ...names,
          link: holderLink(secret, CONTEXT, walletNonce),
          credentialLink: credentialLink(secret, credential, CONTEXT, walletNonce),
          deviceCommitment: deviceCommitment(key, deviceSalt),
          walletNonce,
        },
      }
    })
  })
}
