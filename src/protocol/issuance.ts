import { concatBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { fromBase64url, toBase64url } from './bytes.ts'
import type { Claims } from './claim.ts'
import { type Context, contextOf } from './context.ts'
import { claimsShape } from './credential.ts'
import { type Day, toDay } from './day.ts'
import { type DevicePublicKey, encodeCoordinate, MAX_DEVICE_KEYS } from './device.ts'
import { canonicalJson, DIGEST_TAGS, digest } from './digest.ts'
import { encodeField, type FieldElement, fieldToBytes } from './field.ts'
import type { Origin } from './origin.ts'
import { base64urlOf, dayShape, fieldShape, identifierShape, originShape, parse, secondsShape } from './parse.ts'
import { PROOF_BYTES } from './proof.ts'

/** What an issuer is ready to sign for whoever opens the offer's link: the first of the two messages. */
export type Offer = {
  readonly version: 1
  readonly id: string
  readonly issuer: Origin
  /** Hash of a schema in the issuer's metadata. */
  readonly schema: string
  readonly claims: Claims
  readonly validFrom: Day
  readonly validUntil: Day
  /** 32 random bytes, base64url. */
  readonly nonce: string
  /** Unix seconds. */
  readonly expires: number
  readonly keySet: string
}

const offerShape = z.strictObject({
  version: z.literal(1),
  id: identifierShape,
  issuer: originShape,
  schema: base64urlOf(32),
  claims: claimsShape,
  validFrom: dayShape.transform(toDay),
  validUntil: dayShape.transform(toDay),
  nonce: base64urlOf(32),
  expires: secondsShape,
  keySet: base64urlOf(32),
})

/** Throws `offer_invalid`. */
export function parseOffer(value: unknown): Offer {
  return parse(offerShape, value, 'offer_invalid')
}

/** Path of an offer below its issuer's origin; the answer is posted to `<path>/accept`. */
export function offerPath(id: string): string {
  return `/offers/${id}`
}

/** The context that the issue-v1 proof and the device assertions are made for. */
export function issuanceContext(offer: Offer): FieldElement {
  const context: Context = {
    origin: offer.issuer,
    nonce: offer.nonce,
    session: offer.id,
    requestHash: toBase64url(digest(DIGEST_TAGS.offer, canonicalJson(offer))),
    keySet: offer.keySet,
    expires: offer.expires,
  }
  return contextOf('issue', context)
}

/** The WebAuthn challenge each device key signs: it names the context and the holder the credential will be for. */
export function deviceChallenge(
  context: FieldElement,
  outputs: { holderCommitment: FieldElement; issuerTag: FieldElement },
): Uint8Array<ArrayBuffer> {
  const parts = [context, outputs.holderCommitment, outputs.issuerTag]
  return digest(DIGEST_TAGS.deviceChallenge, concatBytes(...parts.map(fieldToBytes)))
}

/** A plain WebAuthn assertion by one device key, with the key. Seen by the issuer only. */
export type DeviceAssertion = {
  readonly credentialId: Uint8Array<ArrayBuffer>
  readonly publicKey: DevicePublicKey
  readonly authenticatorData: Uint8Array<ArrayBuffer>
  readonly clientDataJSON: Uint8Array<ArrayBuffer>
  /** ECDSA in DER, as the authenticator gave it. */
  readonly signature: Uint8Array<ArrayBuffer>
}

/** The holder's answer to an offer: the second message. */
export type Acceptance = {
  readonly version: 1
  /** issue-v1, 128 bytes. */
  readonly proof: Uint8Array<ArrayBuffer>
  /** hc, which the credential will name. */
  readonly holderCommitment: FieldElement
  /** The nullifier of kind issuer in the issuer's scope: the same for each credential that this wallet is issued there. */
  readonly issuerTag: FieldElement
  /** σ, so that the issuer can compute D itself. */
  readonly deviceKeysSalt: FieldElement
  /** 1 to {@link MAX_DEVICE_KEYS}, each over {@link deviceChallenge}. */
  readonly devices: readonly DeviceAssertion[]
}

const bytesShape = z
  .string()
  .max(4096)
  .transform((text, context): Uint8Array<ArrayBuffer> => {
    try {
      return fromBase64url(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not base64url' })
      return z.NEVER
    }
  })

const coordinateShape = base64urlOf(32)
  .pipe(bytesShape)
  .transform((bytes) => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`))

const acceptanceShape = z.strictObject({
  version: z.literal(1),
  proof: bytesShape.refine((bytes) => bytes.length === PROOF_BYTES),
  holderCommitment: fieldShape,
  issuerTag: fieldShape,
  deviceKeysSalt: fieldShape,
  devices: z
    .array(
      z.strictObject({
        credentialId: bytesShape,
        publicKey: z.strictObject({ x: coordinateShape, y: coordinateShape }),
        authenticatorData: bytesShape,
        clientDataJSON: bytesShape,
        signature: bytesShape,
      }),
    )
    .min(1)
    .max(MAX_DEVICE_KEYS),
})

/** Throws `acceptance_invalid`. */
export function parseAcceptance(value: unknown): Acceptance {
  return parse(acceptanceShape, value, 'acceptance_invalid')
}

/** The JSON form: bytes as base64url, field elements and coordinates as 32 big-endian bytes in base64url. */
export function serializeAcceptance(acceptance: Acceptance) {
  return {
    version: acceptance.version,
    proof: toBase64url(acceptance.proof),
    holderCommitment: encodeField(acceptance.holderCommitment),
    issuerTag: encodeField(acceptance.issuerTag),
    deviceKeysSalt: encodeField(acceptance.deviceKeysSalt),
    devices: acceptance.devices.map((device) => ({
      credentialId: toBase64url(device.credentialId),
      publicKey: { x: encodeCoordinate(device.publicKey.x), y: encodeCoordinate(device.publicKey.y) },
      authenticatorData: toBase64url(device.authenticatorData),
      clientDataJSON: toBase64url(device.clientDataJSON),
      signature: toBase64url(device.signature),
    })),
  }
}
