import type { Engine } from '../engine/load.ts'
import { type Group, POINT_BYTES } from '../engine/msm.ts'
import { type CompressedPoints, countBits, decompressPoints } from '../engine/points.ts'
import { release } from '../engine/release.ts'
import { breather } from './breather.ts'
import { ByteCursor } from './byte-cursor.ts'
import { joinEntries } from './coefficient-columns.ts'
import { emptyZkey, zkeyLength } from './empty-zkey.ts'
import { NumberReader } from './numbers.ts'
import { PACKED_MAGIC, PACKED_VERSION, type PackedHeader, PLAIN_PARTS, POINT_PARTS } from './packed-format.ts'
import { ProvingKeyError } from './proving-key-error.ts'
import { unfoldRepeats } from './repeats.ts'
import { FIELD_BYTES, SECTION, type ZkeySections } from './zkey-format.ts'

/** {@link decompressPoints} in another thread. What it is given is not its to keep or hand over, what it gives is. */
export type Decompressor = (
  group: Group,
  points: CompressedPoints & { count: number },
) => Promise<Uint8Array<ArrayBuffer> | undefined>

export type UnpackOptions = {
  /** The length of the `.zkey`, as the key set names it: nothing of another length is begun. At most 2^30. */
  zkeyBytes: number
  /** `done` and `total` count the bytes of points. */
  onProgress?: ((done: number, total: number) => void) | undefined
  /** Stops between two blocks of points; the promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined
  /** Other threads that take an even part of the points each. */
  others?: readonly Decompressor[] | undefined
}

/**
 * The `.zkey` file that {@link packProvingKey} packed, to the byte, provided that `packed` is its work. Whatever else
 * it may be, it costs no more memory and time than a key of `zkeyBytes`, and gives an error or a file whose hash the
 * caller compares. A root is taken for each point, some 0.6 s for 14 MB, with the event loop let in now and then.
 *
 * Rejects with {@link ProvingKeyError} `packed_malformed`, or `packed_length` where the file would have another length.
 */
export async function unpackProvingKey(
  engine: Engine,
  packed: Uint8Array,
  { zkeyBytes, onProgress, signal, others = [] }: UnpackOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const breathe = breather(signal)
  const cursor = cursorOver(packed, 'the file')
  const header = readHeader(cursor, zkeyBytes)
  const { bytes, sections } = emptyZkey(header)
  for (const part of PLAIN_PARTS) sections[part].set(cursor.take(sections[part].length))
  const constants = cursor.take(header.constants * FIELD_BYTES)
  const columns = unfoldRepeats(cursor.take(header.foldedBytes), header.columnsBytes)
  if (!columns) throw malformed('the columns do not unfold')
  const lists = pointLists(sections, columns, cursor)
  cursor.end()
  await breathe()
  const numbers = new NumberReader(columns.subarray(bitmapBytes(sections)))
  if (!joinEntries(sections.coefficients, constants, numbers) || !numbers.complete) {
    throw malformed('the columns are not those of its coefficients')
  }
  const total = lists.reduce((sum, { target }) => sum + target.length, 0)
  let done = 0
  const fill = ({ part, target }: Block, points: Uint8Array<ArrayBuffer> | undefined): void => {
    if (!points) throw malformed(`a point of ${part} is none`)
    target.set(points)
    release(points)
    done += target.length
    onProgress?.(done, total)
  }
  const blocks = lists.flatMap((list) => [...blocksOf(list)])
  const ofThread = (thread: number): Block[] => blocks.filter((_, index) => index % (1 + others.length) === thread)
  const here = async (): Promise<void> => {
    for (const block of ofThread(0)) {
      await breathe()
      fill(block, decompressPoints(engine, block.group, block))
    }
  }
  const elsewhere = others.flatMap((decompress, index) =>
    ofThread(1 + index).map(async (block) => fill(block, await decompress(block.group, block))),
  )
  await Promise.all([here(), ...elsewhere])
  return bytes
}

function readHeader(cursor: ByteCursor, zkeyBytes: number): PackedHeader {
  if (cursor.ascii(PACKED_MAGIC.length) !== PACKED_MAGIC) throw malformed('it begins otherwise')
  const version = cursor.u32()
  if (version !== PACKED_VERSION) throw malformed(`version ${version} is not known, only ${PACKED_VERSION}`)
  const [wires, publicCount, domain, entries] = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()]
  const [constants, contributionsBytes] = [cursor.u32(), cursor.u32()]
  const [columnsBytes, foldedBytes] = [cursor.u32(), cursor.u32()]
  const order = [...cursor.take(Object.keys(SECTION).length)]
  if (cursor.take(2).some((byte) => byte !== 0)) throw malformed('its header is not filled up with zeros')
  if (String(order.toSorted((a, b) => a - b)) !== String(Object.values(SECTION)))
    throw malformed('a section is missing')
  if (wires < publicCount + 1) throw malformed('there are fewer wires than public signals')
  const header = {
    wires,
    publicCount,
    domain,
    entries,
    constants,
    contributionsBytes,
    columnsBytes,
    foldedBytes,
    order,
  }
  const length = zkeyLength(header)
  if (length !== zkeyBytes) {
    throw new ProvingKeyError('packed_length', `packed key: it would unpack to ${length} bytes, not ${zkeyBytes}`)
  }
  // A number has at most five bytes, and each entry three of them; a bit for each point is far less than the key.
  if (columnsBytes > zkeyBytes) throw malformed('its columns are longer than the key')
  return header
}

type PointList = {
  part: string
  group: Group
  infinities: Uint8Array
  compressed: Uint8Array
  /** Where the points go. */
  target: Uint8Array
}

/** Takes the lists of points apart: the bits of all stand at the beginning of the columns. */
function pointLists(sections: ZkeySections, columns: Uint8Array, cursor: ByteCursor): PointList[] {
  const bits = cursorOver(columns, 'the columns')
  return POINT_PARTS.map(([part, group]) => {
    const target = sections[part]
    const count = target.length / POINT_BYTES[group]
    const infinities = bits.take((count + 7) >> 3)
    const finite = count - countBits(infinities)
    if (finite < 0 || (infinities.at(-1) ?? 0) >> (((count - 1) & 7) + 1) !== 0)
      throw malformed('too many bits are set')
    return { part, group, infinities, compressed: cursor.take((finite * POINT_BYTES[group]) / 2), target }
  })
}

function bitmapBytes(sections: ZkeySections): number {
  return POINT_PARTS.reduce((sum, [part, group]) => sum + ((sections[part].length / POINT_BYTES[group] + 7) >> 3), 0)
}

/** Points at a time: some ten milliseconds; a multiple of eight, so that blocks begin with a byte of bits. */
const BLOCK: Readonly<Record<Group, number>> = { g1: 1024, g2: 512 }

type Block = PointList & { count: number }

function* blocksOf({ part, group, infinities, compressed, target }: PointList): Generator<Block> {
  const [half, size] = [POINT_BYTES[group] / 2, BLOCK[group]]
  const total = target.length / POINT_BYTES[group]
  let at = 0
  for (let first = 0; first < total; first += size) {
    const count = Math.min(size, total - first)
    const bits = infinities.subarray(first >> 3, (first + count + 7) >> 3)
    const length = (count - countBits(bits)) * half
    yield {
      part,
      group,
      count,
      infinities: bits,
      compressed: compressed.subarray(at, at + length),
      target: target.subarray(first * 2 * half, (first + count) * 2 * half),
    }
    at += length
  }
}

function cursorOver(bytes: Uint8Array, what: string): ByteCursor {
  return new ByteCursor(bytes, (reason) => {
    throw malformed(`${what} ${reason}`)
  })
}

function malformed(message: string): ProvingKeyError {
  return new ProvingKeyError('packed_malformed', `packed key: ${message}`)
}
