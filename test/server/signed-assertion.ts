import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { fromBase64url, toBase64url, utf8 } from '../../src/protocol/bytes.ts'
import type { DevicePublicKey } from '../../src/protocol/device.ts'
import type { DeviceAssertion } from '../../src/protocol/issuance.ts'

/** A P-256 key pair of a security key that exists in software only. */
export type SoftwareKey = { readonly publicKey: DevicePublicKey; readonly privateKey: KeyObject }

export function makeSoftwareKey(): SoftwareKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return { privateKey, publicKey: { x: integer(x), y: integer(y) } }
}

export type AssertionChoices = {
  challenge: Uint8Array
  origin: string
  rpId?: string
  /** User present 0x01, user verified 0x04. */
  flags?: number
  counter?: number
  type?: string
  crossOrigin?: boolean
}

/** A WebAuthn assertion (Level 3, §6.3.3) as an authenticator would make it; every field can be made wrong. */
export function assertionBy(key: SoftwareKey, choices: AssertionChoices): DeviceAssertion {
  const { challenge, origin, flags = 0x05, counter = 7, type = 'webauthn.get', crossOrigin = false } = choices
  const rpId = choices.rpId ?? new URL(origin).hostname
  const clientDataJSON = utf8(JSON.stringify({ type, challenge: toBase64url(challenge), origin, crossOrigin }))
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  const authenticatorData = Buffer.concat([sha256(utf8(rpId)), Buffer.from([flags]), count])
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientDataJSON)]), key.privateKey)
  return {
    credentialId: utf8('a software key'),
    publicKey: key.publicKey,
    authenticatorData: new Uint8Array(authenticatorData),
    clientDataJSON,
    signature: new Uint8Array(signature),
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function integer(coordinate: string): bigint {
  return BigInt(`0x${Buffer.from(fromBase64url(coordinate)).toString('hex')}`)
}
