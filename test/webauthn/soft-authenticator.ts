import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64url, utf8 } from '../../src/protocol/bytes.ts'
import type { DevicePublicKey } from '../../src/protocol/device.ts'
import type { Assertion } from '../../src/webauthn/index.ts'

export const RP_ID = 'wallet.example'
export const ORIGIN = 'https://wallet.example'
export const CHALLENGE = new Uint8Array(32).fill(0xc4)

const SECRET_KEY = new Uint8Array(32).fill(0x5e)

/** The fixed key the assertions below are signed with. */
export const PUBLIC_KEY: DevicePublicKey = p256.Point.fromBytes(p256.getPublicKey(SECRET_KEY)).toAffine()

export const FLAGS = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const

/** Client data as a browser writes it, with some members replaced (`undefined` removes one). */
export function clientData(changes: Record<string, unknown> = {}): Uint8Array<ArrayBuffer> {
  const honest = { type: 'webauthn.get', challenge: toBase64url(CHALLENGE), origin: ORIGIN, crossOrigin: false }
  return utf8(JSON.stringify({ ...honest, ...changes }))
}

/** Authenticator data with counter 7. */
export function authenticatorData({
  rpId = RP_ID,
  flags = FLAGS.up | FLAGS.uv,
  tail = new Uint8Array(0),
}: {
  rpId?: string
  flags?: number
  tail?: Uint8Array
} = {}): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...sha256(utf8(rpId)), flags, 0, 0, 0, 7, ...tail])
}

/** Signs whatever it is given, as no authenticator would. */
export function sign(authenticatorBytes = authenticatorData(), clientDataJSON = clientData()): Assertion {
  const message = new Uint8Array([...authenticatorBytes, ...sha256(clientDataJSON)])
  const signature = new Uint8Array(p256.sign(message, SECRET_KEY, { format: 'der', lowS: false }))
  return { credentialId: 'AAAA', authenticatorData: authenticatorBytes, clientDataJSON, signature }
}
