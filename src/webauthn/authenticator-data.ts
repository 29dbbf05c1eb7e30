import { WebAuthnError } from './error.ts'

/** The fixed-layout head of authenticator data (WebAuthn Level 3 §6.1). Extension bytes are not decoded. */
export type AuthenticatorData = {
  /** SHA-256 of the relying-party id: 32 bytes. */
  readonly rpIdHash: Uint8Array
  /** UP: a person touched. */
  readonly userPresent: boolean
  /** UV: PIN or biometrics. */
  readonly userVerified: boolean
  /** BE: the key may be copied to other devices, so it is no hardware-only key. */
  readonly backupEligible: boolean
  /** BS: it is copied now. */
  readonly backedUp: boolean
  /** Present at registration only: 16 bytes naming the authenticator's model, as a UUID. */
  readonly aaguid?: string
}

const FLAG = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const
const HEAD_BYTES = 37
const AAGUID_BYTES = 16

/** Reads the head. Throws `response_malformed` for a wrong length, BS without BE, or flags that contradict the length. */
export function parseAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  const flags = bytes[32]
  if (flags === undefined || bytes.length < HEAD_BYTES) throw malformed(`has ${bytes.length} bytes, not 37 or more`)
  const has = (flag: number) => (flags & flag) !== 0
  if (has(FLAG.bs) && !has(FLAG.be)) throw malformed('is marked backed up but not backup eligible')
  if (bytes.length > HEAD_BYTES !== (has(FLAG.at) || has(FLAG.ed))) throw malformed('has a length its flags deny')
  if (has(FLAG.at) && bytes.length < HEAD_BYTES + AAGUID_BYTES) throw malformed('ends within the AAGUID')
  return {
    rpIdHash: bytes.slice(0, 32),
    userPresent: has(FLAG.up),
    userVerified: has(FLAG.uv),
    backupEligible: has(FLAG.be),
    backedUp: has(FLAG.bs),
    ...(has(FLAG.at) ? { aaguid: uuid(bytes.subarray(HEAD_BYTES, HEAD_BYTES + AAGUID_BYTES)) } : {}),
  }
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function malformed(what: string): WebAuthnError {
  return new WebAuthnError('response_malformed', `authenticator data ${what}`)
}
