/** The lowest `bits` bits of a number in reversed order. */
export function reversed(value: u32, bits: i32): u32 {
  value = ((value >>> 1) & 0x55555555) | ((value & 0x55555555) << 1)
  value = ((value >>> 2) & 0x33333333) | ((value & 0x33333333) << 2)
  value = ((value >>> 4) & 0x0f0f0f0f) | ((value & 0x0f0f0f0f) << 4)
  return bswap(value) >>> (32 - bits)
}
