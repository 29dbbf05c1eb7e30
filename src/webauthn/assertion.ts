import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toBase64url, utf8 } from '../protocol/bytes.ts'
import type { DevicePublicKey } from '../protocol/device.ts'
import type { Assertion } from './authenticate.ts'
import { type AuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts'
import { importDevicePublicKey } from './device-key.ts'
import { WebAuthnError } from './error.ts'

/** What a check of an assertion says. Only `VALID` is a pass. */
export type AssertionStatus =
  | 'VALID'
  | 'MALFORMED'
  | 'WRONG_TYPE'
  | 'WRONG_CHALLENGE'
  | 'WRONG_ORIGIN'
  | 'CROSS_ORIGIN'
  | 'WRONG_RP_ID'
  | 'USER_NOT_PRESENT'
  | 'USER_NOT_VERIFIED'
  | 'BAD_SIGNATURE'

export type AssertionCheck = {
  readonly assertion: Assertion
  readonly publicKey: DevicePublicKey
  /** The bytes that were to be signed over. */
  readonly expectedChallenge: Uint8Array
  readonly expectedOrigin: string
  readonly expectedRpId: string
}

/**
 * The wallet's own check of a touch, before anything built on it leaves (WebAuthn Level 3 §7.2, steps 7 to 22, without
 * the counter, which no one outside sees). Throws only where `publicKey` is no point of P-256.
 */
export async function verifyAssertionLocally(check: AssertionCheck): Promise<AssertionStatus> {
  const { assertion, publicKey, expectedChallenge, expectedOrigin, expectedRpId } = check
  const client = parseClientData(assertion.clientDataJSON)
  const authenticator = authenticatorDataOrUndefined(assertion.authenticatorData)
  if (!client || !authenticator || !rawSignature(assertion.signature)) return 'MALFORMED'
  if (client.type !== 'webauthn.get') return 'WRONG_TYPE'
  if (client.challenge !== toBase64url(expectedChallenge)) return 'WRONG_CHALLENGE'
  if (client.origin !== expectedOrigin) return 'WRONG_ORIGIN'
  if (client.crossOrigin) return 'CROSS_ORIGIN'
  const rpIdHash = sha256(utf8(expectedRpId))
  if (!authenticator.rpIdHash.every((byte, i) => byte === rpIdHash[i])) return 'WRONG_RP_ID'
  if (!authenticator.userPresent) return 'USER_NOT_PRESENT'
  if (!authenticator.userVerified) return 'USER_NOT_VERIFIED'
  return (await isSignedBy(assertion, publicKey)) ? 'VALID' : 'BAD_SIGNATURE'
}

/**
 * True if the key signed `authenticatorData ‖ SHA-256(clientDataJSON)`; says nothing of what those bytes mean. Throws
 * {@link WebAuthnError} `response_malformed` where `publicKey` is no point of P-256.
 */
export async function isSignedBy(assertion: Assertion, publicKey: DevicePublicKey): Promise<boolean> {
  const key = await importDevicePublicKey(publicKey)
  const signature = rawSignature(assertion.signature)
  const signed = concatBytes(assertion.authenticatorData, sha256(assertion.clientDataJSON))
  if (!signature) return false
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, new Uint8Array(signed))
}

type ClientData = { type: string; challenge: string; origin: string; crossOrigin: boolean }

/** Parsed, never compared with a template: browsers may add members, and do. */
function parseClientData(bytes: Uint8Array): ClientData | undefined {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const members = new Map<string, unknown>(Object.entries(json))
  const [type, challenge, origin] = ['type', 'challenge', 'origin'].map((name) => members.get(name))
  const crossOrigin = members.get('crossOrigin') ?? false
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') return undefined
  if (typeof crossOrigin !== 'boolean') return undefined
  return { type, challenge, origin, crossOrigin: crossOrigin || members.has('topOrigin') }
}

function authenticatorDataOrUndefined(bytes: Uint8Array): AuthenticatorData | undefined {
  try {
    return parseAuthenticatorData(bytes)
  } catch (error) {
    if (error instanceof WebAuthnError) return undefined
    throw error
  }
}

/** r ‖ s, which WebCrypto wants, from strict DER; undefined for any other encoding. */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(p256.Signature.fromBytes(der, 'der').toBytes('compact'))
  } catch {
    return undefined
  }
}
