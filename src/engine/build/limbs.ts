import { LIMB_BITS, LIMBS } from '../parameters.ts'

const MASK = (1n << BigInt(LIMB_BITS)) - 1n

/** The limbs of a non-negative integer, low limb first. */
export function limbs(value: bigint, count: number = LIMBS): bigint[] {
  return Array.from({ length: count }, (_, index) => (value >> BigInt(LIMB_BITS * index)) & MASK)
}

/** An integer below 2^256 as a list of eight words of 32 bits, low first. */
export function words(value: bigint): string {
  return Array.from({ length: 8 }, (_, index) => (value >> BigInt(32 * index)) & 0xffffffffn).join(', ')
}
