import { littleEndian } from '../engine/little-endian.ts'
import { R } from '../engine/parameters.ts'

/**
 * A scalar drawn uniformly from [0, r), 32 bytes little-endian: 254 bits of the platform's CSPRNG, drawn anew until
 * they are below r (which three of four are). Reducing them instead would favour the small ones; a scalar that can be
 * guessed undoes the zero knowledge of the proof it blinds. The caller overwrites it after use.
 */
export function drawScalar(): Uint8Array<ArrayBuffer> {
  const scalar = new Uint8Array(32)
  do {
    crypto.getRandomValues(scalar)
    scalar[31] = (scalar[31] ?? 0) & 0x3f
  } while (!isBelowOrder(scalar, 0))
  return scalar
}

/** Whether the 32 bytes little-endian at `at` are below r. */
export function isBelowOrder(bytes: Uint8Array, at: number): boolean {
  for (let byte = 31; byte >= 0; byte--) {
    const difference = (bytes[at + byte] ?? 0) - (ORDER[byte] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

const ORDER = littleEndian([R])
