/** `width` ≤ 16 bits from `position` on of 32 bytes little-endian; 0 beyond them. */
export function bitsAt(scalar: usize, position: i32, width: i32): i32 {
  const offset = min(position >> 3, 24)
  const shift = position - 8 * offset
  return shift > 63 ? 0 : <i32>(load<u64>(scalar + <usize>offset) >> <u64>shift) & ((1 << width) - 1)
}
