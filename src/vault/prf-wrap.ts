import { bech32 } from '@scure/base'
import { identityToRecipient } from 'age-encryption'
import { randomBytes } from '../protocol/bytes.ts'
import type { MasterSecret } from './derive.ts'
import { HKDF_LABELS, hkdf } from './hkdf.ts'

/**
 * HKDF input key material of 64 bytes, both PRF evaluations of one authenticator under its enrolment's salts; not
 * extractable. The ceremony makes it; its own type has this same shape.
 */
export type PrfKey = CryptoKey & { readonly __brand: 'PrfKey' }

/** The two PRF inputs of one enrolment, 32 random bytes each, kept in clear. */
export type PrfSalts = { readonly first: Uint8Array<ArrayBuffer>; readonly second: Uint8Array<ArrayBuffer> }

/** What one authenticator's PRF becomes. */
export type PrfWrap = {
  /** `AGE-SECRET-KEY-1…`: opens the sealed file. Secret. */
  readonly identity: string
  /** `age1…`: seals to it. In clear, so that re-sealing needs no key at hand. */
  readonly recipient: string
  /** 16 bytes in clear: tells wrong PRF output from a damaged file. */
  readonly keyCheck: Uint8Array<ArrayBuffer>
  /** HMAC key for the authenticator's mark on the master secret, {@link tagMaster}. */
  readonly tagKey: CryptoKey
}

export const PRF_SALT_BYTES = 32
export const KEY_CHECK_BYTES = 16

/** Fresh salts, for one enrolment only. */
export function newPrfSalts(random: (length: number) => Uint8Array<ArrayBuffer> = randomBytes): PrfSalts {
  return { first: random(PRF_SALT_BYTES), second: random(PRF_SALT_BYTES) }
}

/** Derives an enrolment's keys. The salts are HKDF's salt too, so output under other salts leads nowhere. */
export async function wrapOfPrf(prfKey: PrfKey, salts: PrfSalts): Promise<PrfWrap> {
  const salt = new Uint8Array([...salts.first, ...salts.second])
  const scalar = await hkdf(prfKey, salt, HKDF_LABELS.ageIdentity, 32)
  const identity = bech32.encodeFromBytes('age-secret-key-', scalar).toUpperCase()
  scalar.fill(0)
  const tagBytes = await hkdf(prfKey, salt, HKDF_LABELS.masterTag, 32)
  const tagKey = await crypto.subtle.importKey('raw', tagBytes, HMAC, false, ['sign', 'verify'])
  tagBytes.fill(0)
  return {
    identity,
    recipient: await identityToRecipient(identity),
    keyCheck: await hkdf(prfKey, salt, HKDF_LABELS.keyCheck, KEY_CHECK_BYTES),
    tagKey,
  }
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

/**
 * The authenticator's own mark on the master secret: 32 bytes, HMAC-SHA-256. The recipient is public and the file's MAC
 * is under the master secret itself, so without this whoever can write the storage could seal a secret of their own
 * choice for the person to use from then on.
 */
export async function tagMaster(tagKey: CryptoKey, master: MasterSecret): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', tagKey, master))
}

/** True if `tag` is {@link tagMaster} of this master secret. */
export async function isMasterTag(
  tagKey: CryptoKey,
  master: MasterSecret,
  tag: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return crypto.subtle.verify('HMAC', tagKey, tag, master)
}
