/**
 * Gives the memory of an array back now and not when it is collected, which may be after the peak: the array is empty
 * afterwards. For whoever owns it and is done with it. Where a platform has no such way it is left to be collected.
 */
export function release(...arrays: readonly (Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>)[]): void {
  for (const { buffer } of arrays) if (buffer.byteLength > 0) buffer.transfer?.(0)
}

/** Overwrites secrets, then gives their memory back. */
export function wipe(...arrays: readonly Uint8Array<ArrayBuffer>[]): void {
  for (const array of arrays) array.fill(0)
  release(...arrays)
}
