import { fromBase64url } from '../protocol/bytes.ts'
import type { DevicePublicKey } from '../protocol/device.ts'
import { WebAuthnError } from './error.ts'

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const
const COORDINATE_BYTES = 32

/**
 * The device key in a SubjectPublicKeyInfo, as `getPublicKey()` gives it. WebCrypto parses it and checks that the
 * point is on the curve. Throws `response_malformed`.
 */
export async function devicePublicKeyFromSpki(spki: Uint8Array<ArrayBuffer>): Promise<DevicePublicKey> {
  let jwk: JsonWebKey
  try {
    const key = await crypto.subtle.importKey('spki', spki, P256, true, ['verify'])
    jwk = await crypto.subtle.exportKey('jwk', key)
  } catch (cause) {
    throw new WebAuthnError('response_malformed', 'the public key is not a point of P-256', { cause })
  }
  return { x: coordinate(jwk.x), y: coordinate(jwk.y) }
}

/** The key for WebCrypto's ECDSA verification. Throws `response_malformed` for a point that is not on P-256. */
export async function importDevicePublicKey({ x, y }: DevicePublicKey): Promise<CryptoKey> {
  const point = new Uint8Array(1 + 2 * COORDINATE_BYTES)
  point[0] = 4
  point.set(coordinateBytes(x), 1)
  point.set(coordinateBytes(y), 1 + COORDINATE_BYTES)
  try {
    return await crypto.subtle.importKey('raw', point, P256, false, ['verify'])
  } catch (cause) {
    throw new WebAuthnError('response_malformed', 'the public key is not a point of P-256', { cause })
  }
}

function coordinate(text: string | undefined): bigint {
  let value = 0n
  for (const byte of fromBase64url(text ?? '')) value = value * 256n + BigInt(byte)
  return value
}

function coordinateBytes(value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(2 * COORDINATE_BYTES, '0')
  if (value < 0n || hex.length !== 2 * COORDINATE_BYTES) {
    throw new WebAuthnError('response_malformed', 'a coordinate of P-256 has at most 32 bytes')
  }
  return Uint8Array.from({ length: COORDINATE_BYTES }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}
