import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { fromBase64url, randomBytes, toBase64url } from './bytes.ts'
import { ProtocolError } from './error.ts'

/** Order of BN254's scalar field, in which every circuit works. */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** Bytes of a field element on the wire: big-endian, fixed width. */
export const FIELD_BYTES = 32

/** An integer `0 ≤ x < FIELD_ORDER`. Made only by the functions of this file, so a value of this type is canonical. */
export type FieldElement = bigint & { readonly __brand: 'FieldElement' }

/** Brands an integer. Throws `field_out_of_range` unless `0 ≤ value < FIELD_ORDER`. */
export function toField(value: bigint | number): FieldElement {
  const integer = BigInt(value)
  if (integer < 0n || integer >= FIELD_ORDER) {
    throw new ProtocolError('field_out_of_range', 'a field element must be at least 0 and less than the field order')
  }
  return integer as FieldElement
}

/** Reduces any non-negative integer modulo the field order. For uniform input give at least 48 random bytes. */
export function reduceToField(value: bigint): FieldElement {
  return (value % FIELD_ORDER) as FieldElement
}

/** 32 bytes, big-endian. */
export function fieldToBytes(element: FieldElement): Uint8Array {
  return numberToBytesBE(element, FIELD_BYTES)
}

/** Inverse of {@link fieldToBytes}. Throws `field_length` or `field_out_of_range`. */
export function fieldFromBytes(bytes: Uint8Array): FieldElement {
  if (bytes.length !== FIELD_BYTES) {
    throw new ProtocolError('field_length', `a field element has ${FIELD_BYTES} bytes, not ${bytes.length}`)
  }
  return toField(bytesToNumberBE(bytes))
}

/** 43 characters of base64url without padding: the one text form of a field element in every message. */
export function encodeField(element: FieldElement): string {
  return toBase64url(fieldToBytes(element))
}

/** Inverse of {@link encodeField}; refuses every other spelling of the same number. */
export function parseField(text: string): FieldElement {
  return fieldFromBytes(fromBase64url(text))
}

/** A uniform element (48 random bytes reduced: bias below 2^-128); `random` gives bytes of a CSPRNG. */
export function randomField(random: (length: number) => Uint8Array = randomBytes): FieldElement {
  return reduceToField(bytesToNumberBE(random(48)))
}
