import { bn254 } from '@noble/curves/bn254.js'
import type { Engine } from '../../src/engine/load.ts'
import { type Group, multiplyPoint, POINT_BYTES } from '../../src/engine/msm.ts'
import { inverse, Q, R } from '../../src/engine/parameters.ts'
import { fromLittleEndian, littleEndian, modulo } from './field-values.ts'

export const GROUPS: readonly Group[] = ['g1', 'g2']

const SHIFT = 1n << 256n
const UNSHIFT = inverse(SHIFT % Q, Q)

/** An affine point by its coordinates' parts in Fq as the engine takes it: x·2^256 each; none for infinity. */
export function encodePoint(group: Group, parts: readonly bigint[] | undefined): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(POINT_BYTES[group])
  for (const [index, part] of (parts ?? []).entries()) bytes.set(littleEndian((part * SHIFT) % Q), 32 * index)
  return bytes
}

export function decodePoint(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, index) => {
    return (fromLittleEndian(bytes.subarray(32 * index, 32 * index + 32)) * UNSHIFT) % Q
  })
}

/** scalar · generator by @noble/curves. */
export function referenceMultiple(group: Group, scalar: bigint): Uint8Array<ArrayBuffer> {
  const k = modulo(scalar, R)
  if (k === 0n) return encodePoint(group, undefined)
  if (group === 'g1') {
    const { x, y } = bn254.G1.Point.BASE.multiply(k).toAffine()
    return encodePoint(group, [x, y])
  }
  const { x, y } = bn254.G2.Point.BASE.multiply(k).toAffine()
  return encodePoint(group, [x.c0, x.c1, y.c0, y.c1])
}

/** scalar · generator by the engine, one point at a time. */
export function multiple(engine: Engine, group: Group, scalar: bigint): Uint8Array<ArrayBuffer> {
  return multiplyPoint(engine, group, referenceMultiple(group, 1n), modulo(scalar, R))
}

/** Points of one kind after the other. */
export function concatenate(parts: readonly Uint8Array[], partBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(partBytes * parts.length)
  for (const [index, part] of parts.entries()) bytes.set(part, partBytes * index)
  return bytes
}
