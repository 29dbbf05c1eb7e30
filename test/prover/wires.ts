/** A wire's value in a witness of 32 bytes little-endian a wire. */
export function wireAt(witness: Uint8Array, wire: number): bigint {
  return witness.subarray(32 * wire, 32 * wire + 32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

/** A copy with another value on one wire. */
export function withWire(witness: Uint8Array, wire: number, value: bigint): Uint8Array {
  const changed = Uint8Array.from(witness)
  for (let byte = 0; byte < 32; byte++) changed[32 * wire + byte] = Number((value >> BigInt(8 * byte)) & 0xffn)
  return changed
}
