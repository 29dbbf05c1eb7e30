/** The sections of an iden3 binary file by their number. */
export function readSections(file: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const sections = new Map<number, Uint8Array>()
  let at = 12
  for (let index = 0; index < view.getUint32(8, true); index++) {
    const length = Number(view.getBigUint64(at + 4, true))
    sections.set(view.getUint32(at, true), file.slice(at + 12, at + 12 + length))
    at += 12 + length
  }
  return new Map([...sections].sort(([a], [b]) => a - b))
}
