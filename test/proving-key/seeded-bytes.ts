/** Bytes below `values`, the same for the same seed (xorshift32; Marsaglia, "Xorshift RNGs", 2003). */
export function bytesOfSeed(seed: number, length: number, values = 256): Uint8Array<ArrayBuffer> {
  let state = (seed * 2654435761 + 1) >>> 0 || 1
  return Uint8Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % values
  })
}
