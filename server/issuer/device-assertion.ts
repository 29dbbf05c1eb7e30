import { p256 } from '@noble/curves/nist.js'
import { numberToBytesBE } from '@noble/curves/utils.js'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { cose, isoCBOR } from '@simplewebauthn/server/helpers'
import { toBase64url } from '../../src/protocol/bytes.ts'
import type { DevicePublicKey } from '../../src/protocol/device.ts'
import type { DeviceAssertion } from '../../src/protocol/issuance.ts'
import type { Origin } from '../../src/protocol/origin.ts'

/** Whether the coordinates are canonical and a point of P-256, which has no other subgroup to hide in. */
export function isDeviceKey({ x, y }: DevicePublicKey): boolean {
  try {
    p256.Point.fromAffine({ x, y }).assertValidity()
    return true
  } catch {
    return false
  }
}

/**
 * Whether a device key signed this challenge as a plain WebAuthn assertion in one of the wallets, user present and
 * verified. Signature counters are not compared: an issuer sees a key once, and a counter kept would only identify it.
 */
export async function signedByDevice(options: {
  assertion: DeviceAssertion
  /** 32 bytes. */
  expectedChallenge: Uint8Array<ArrayBuffer>
  expectedOrigins: readonly Origin[]
}): Promise<boolean> {
  const { assertion, expectedChallenge, expectedOrigins } = options
  for (const expectedOrigin of expectedOrigins) {
    if (await signedAt(assertion, toBase64url(expectedChallenge), expectedOrigin)) return true
  }
  return false
}

async function signedAt(assertion: DeviceAssertion, expectedChallenge: string, expectedOrigin: Origin) {
  if (isFramed(assertion.clientDataJSON)) return false
  const id = toBase64url(assertion.credentialId)
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          authenticatorData: toBase64url(assertion.authenticatorData),
          clientDataJSON: toBase64url(assertion.clientDataJSON),
          signature: toBase64url(assertion.signature),
        },
      },
      expectedChallenge,
      expectedOrigin,
      expectedRPID: new URL(expectedOrigin).hostname,
      requireUserVerification: true,
      credential: { id, publicKey: coseKey(assertion.publicKey), counter: 0 },
    })
    return verified
  } catch {
    // The library says by exceptions what does not match; all of it comes from the wallet and means "no".
    return false
  }
}

/** `crossOrigin: true` is a wallet in somebody's frame, which no wallet of ours allows. */
function isFramed(clientDataJSON: Uint8Array): boolean {
  try {
    const clientData: unknown = JSON.parse(new TextDecoder().decode(clientDataJSON))
    return (
      typeof clientData !== 'object' ||
      clientData === null ||
      ('crossOrigin' in clientData && clientData.crossOrigin !== false)
    )
  } catch {
    return true
  }
}

/** COSE_Key of an ES256 key (RFC 9053 §7.1.1). */
function coseKey({ x, y }: DevicePublicKey): Uint8Array<ArrayBuffer> {
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [cose.COSEKEYS.kty, cose.COSEKTY.EC2],
      [cose.COSEKEYS.alg, cose.COSEALG.ES256],
      [cose.COSEKEYS.crv, cose.COSECRV.P256],
      [cose.COSEKEYS.x, numberToBytesBE(x, 32)],
      [cose.COSEKEYS.y, numberToBytesBE(y, 32)],
    ]),
  )
}
