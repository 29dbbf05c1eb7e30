import { emptyZkey } from './empty-zkey.ts'
import { ENTRY_BYTES, SECTION, type ZkeySections } from './zkey-format.ts'

/** The parts of a key that are bytes. */
const PARTS = [
  ...(['alpha1', 'beta1', 'beta2', 'gamma2', 'delta1', 'delta2'] as const),
  ...(['ic', 'coefficients', 'a', 'b1', 'b2', 'c', 'h', 'contributions'] as const),
]

/**
 * The bytes of a `.zkey` file with these contents: {@link readZkey} backwards. Sections stand in the key's order, or in
 * ascending order where it has none. Throws a RangeError where a part has another length than the counts make it.
 */
export function writeZkey(
  key: Omit<ZkeySections, 'domainLog' | 'order'> & { order?: readonly number[] },
): Uint8Array<ArrayBuffer> {
  const { wires, publicCount, domain, order = Object.values(SECTION) } = key
  const entries = key.coefficients.length / ENTRY_BYTES
  const shape = { wires, publicCount, domain, order, entries, contributionsBytes: key.contributions.length }
  const { bytes, sections } = emptyZkey(shape)
  for (const part of PARTS) {
    if (key[part].length !== sections[part].length) {
      throw new RangeError(`${part} has ${key[part].length} bytes, by the counts ${sections[part].length}`)
    }
    sections[part].set(key[part])
  }
  return bytes
}
