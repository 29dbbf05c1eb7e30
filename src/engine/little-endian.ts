/** Integers from 0 to below 2^256 as the engine takes them: 32 bytes each, little-endian. */
export function littleEndian(integers: readonly bigint[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32 * integers.length)
  const view = new DataView(bytes.buffer)
  for (const [index, integer] of integers.entries()) {
    // Each call takes the low 64 bits of what it is given.
    for (let byte = 0; byte < 32; byte += 8) view.setBigUint64(32 * index + byte, integer >> BigInt(8 * byte), true)
  }
  return bytes
}
