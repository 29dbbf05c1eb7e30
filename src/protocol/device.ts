import { numberToBytesBE } from '@noble/curves/utils.js'
import { toBase64url } from './bytes.ts'
import { type FieldElement, toField } from './field.ts'
import { poseidonTagged } from './poseidon.ts'

/** A point of P-256 in affine coordinates, each `0 ≤ c < 2^256`, big-endian integers. */
export type DevicePublicKey = { readonly x: bigint; readonly y: bigint }

const MASK_64 = (1n << 64n) - 1n
const MASK_128 = (1n << 128n) - 1n

/** At most this many authenticators stand behind one device commitment. */
export const MAX_DEVICE_KEYS = 4

/**
 * q̂ = P(KEY, x₀, x₁, x₂, x₃, y₀, y₁): x in four limbs of 64 bits, y in two of 128 bits, least significant first.
 */
export function deviceKeyHash({ x, y }: DevicePublicKey): FieldElement {
  const xLimbs = [0n, 64n, 128n, 192n].map((shift) => toField((x >> shift) & MASK_64))
  const yLimbs = [y & MASK_128, y >> 128n].map((limb) => toField(limb))
  return poseidonTagged('KEY', [...xLimbs, ...yLimbs])
}

/** A coordinate of a key in text: 32 bytes, big-endian, in base64url. */
export function encodeCoordinate(coordinate: bigint): string {
  return toBase64url(numberToBytesBE(coordinate, 32))
}

/** Key hashes padded with zeros to the four places of a credential. 1 to 4 hashes. */
export function padDeviceKeys(hashes: readonly FieldElement[]): FieldElement[] {
  return Array.from({ length: MAX_DEVICE_KEYS }, (_, place) => hashes[place] ?? toField(0))
}

/** D = P(DEV, P(KEYS, q̂₁…q̂₄), σ): what a credential says about its holder's authenticators. */
export function deviceKeysCommitment(hashes: readonly FieldElement[], salt: FieldElement): FieldElement {
  return poseidonTagged('DEV', [poseidonTagged('KEYS', padDeviceKeys(hashes)), salt])
}

/** comQ = P(CQ, q̂, ρ): a fresh commitment to one device key, one per presentation. */
export function deviceCommitment(keyHash: FieldElement, salt: FieldElement): FieldElement {
  return poseidonTagged('CQ', [keyHash, salt])
}

/** dtag = P(DT, s, q̂, scope): names one authenticator of one holder to one relying party. */
export function deviceTag(holderSecret: FieldElement, keyHash: FieldElement, scope: FieldElement): FieldElement {
  return poseidonTagged('DT', [holderSecret, keyHash, scope])
}
