/** Bytes as 32-bit words, a view of them unless they begin between two. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
}

/** Whether the affine point of `length` words at `at` is infinity, which keys write as zeros. */
export function isInfinity(words: Uint32Array, at: number, length: number): boolean {
  for (let word = at; word < at + length; word++) if (words[word] !== 0) return false
  return true
}
