/** Counts that the header of an `.r1cs` file states (iden3 binary format, version 1). */
export type R1csHeader = {
  constraints: number
  /** Outputs and public inputs, without the constant 1. */
  publicSignals: number
  /** Length of the witness, with the constant 1. */
  wires: number
}

/** @throws Error when the bytes are not an `.r1cs` file of version 1 with a header section */
export function readR1csHeader(bytes: Uint8Array): R1csHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, false) !== MAGIC || view.getUint32(4, true) !== 1)
    throw new Error('not an .r1cs file of version 1')
  const sections = view.getUint32(8, true)
  let offset = 12
  for (let i = 0; i < sections; i++) {
    const type = view.getUint32(offset, true)
    const length = Number(view.getBigUint64(offset + 4, true))
    offset += 12
    if (type === HEADER_SECTION) return readHeaderSection(view, offset)
    offset += length
  }
  throw new Error('the .r1cs file has no header section')
}

/** "r1cs" */
const MAGIC = 0x72316373
const HEADER_SECTION = 1

/** Field size in bytes, prime, then 32-bit counts: wires, outputs, public inputs, private inputs, labels (64), constraints. */
function readHeaderSection(view: DataView, offset: number): R1csHeader {
  const counts = offset + 4 + view.getUint32(offset, true)
  return {
    wires: view.getUint32(counts, true),
    publicSignals: view.getUint32(counts + 4, true) + view.getUint32(counts + 8, true),
    constraints: view.getUint32(counts + 24, true),
  }
}
