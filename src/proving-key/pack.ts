import type { Engine } from '../engine/load.ts'
import { POINT_BYTES } from '../engine/msm.ts'
import { compressPoints, countOnCurve } from '../engine/points.ts'
import { splitEntries } from './coefficient-columns.ts'
import {
  PACKED_HEADER_BYTES,
  PACKED_MAGIC,
  PACKED_VERSION,
  type PackedHeader,
  PLAIN_PARTS,
  POINT_PARTS,
} from './packed-format.ts'
import { ProvingKeyError } from './proving-key-error.ts'
import { readZkey } from './read-zkey.ts'
import { foldRepeats } from './repeats.ts'
import { ENTRY_BYTES, FIELD_BYTES } from './zkey-format.ts'

/**
 * The packed form of a `.zkey` file, a fifth of it, from which {@link unpackProvingKey} makes the file again to the
 * byte. The same for the same file everywhere. A tenth of a second where the file has 14 MB: no root is taken.
 *
 * Throws {@link ProvingKeyError} where {@link readZkey} does, and `zkey_point` for a point that is not on the curve or
 * has a coordinate that is not below q, for such a one has no compressed form.
 */
export function packProvingKey(engine: Engine, zkey: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = readZkey(zkey)
  const points = POINT_PARTS.map(([part, group]) => {
    const valid = countOnCurve(engine, group, key[part])
    if (valid * POINT_BYTES[group] < key[part].length) {
      throw new ProvingKeyError('zkey_point', `zkey: point ${valid} of ${part} is not on the curve`)
    }
    return compressPoints(engine, group, key[part])
  })
  const coefficients = splitEntries(key.coefficients)
  const columns = concatenate([...points.map(({ infinities }) => infinities), coefficients.columns])
  const folded = foldRepeats(columns)
  const header = writeHeader({
    ...key,
    entries: key.coefficients.length / ENTRY_BYTES,
    contributionsBytes: key.contributions.length,
    constants: coefficients.constants.length / FIELD_BYTES,
    columnsBytes: columns.length,
    foldedBytes: folded.length,
  })
  const plain = PLAIN_PARTS.map((part) => key[part])
  return concatenate([header, ...plain, coefficients.constants, folded, ...points.map(({ compressed }) => compressed)])
}

function writeHeader(header: PackedHeader): Uint8Array {
  const bytes = new Uint8Array(PACKED_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < PACKED_MAGIC.length; index++) bytes[index] = PACKED_MAGIC.charCodeAt(index)
  const numbers = [
    PACKED_VERSION,
    header.wires,
    header.publicCount,
    header.domain,
    header.entries,
    header.constants,
    header.contributionsBytes,
    header.columnsBytes,
    header.foldedBytes,
  ]
  for (const [index, number] of numbers.entries()) view.setUint32(8 + 4 * index, number, true)
  bytes.set(header.order, 44)
  return bytes
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
