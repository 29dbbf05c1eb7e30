import { Q, R } from '../engine/parameters.ts'
import {
  ENTRY_BYTES,
  FIELD_BYTES,
  G1_BYTES,
  G2_BYTES,
  GROTH16,
  HEADER_BYTES,
  MAGIC,
  PREAMBLE_BYTES,
  SECTION,
  SECTION_HEADER_BYTES,
  VERSION,
  type ZkeySections,
} from './zkey-format.ts'

/** What the length of a `.zkey` and the place of everything in it follow from. */
export type ZkeyShape = Pick<ZkeySections, 'wires' | 'publicCount' | 'domain' | 'order'> & {
  /** Entries of section 4. */
  entries: number
  /** Bytes of section 10. */
  contributionsBytes: number
}

/** Bytes of a file of this shape. */
export function zkeyLength(shape: ZkeyShape): number {
  return sectionLengths(shape).reduce((sum, length) => sum + SECTION_HEADER_BYTES + length, PREAMBLE_BYTES)
}

/** A file of this shape in which every section has its place, and the places of what is still to be filled in. */
export function emptyZkey(shape: ZkeyShape): { bytes: Uint8Array<ArrayBuffer>; sections: ZkeySections } {
  const bytes = new Uint8Array(zkeyLength(shape))
  const view = new DataView(bytes.buffer)
  const lengths = sectionLengths(shape)
  for (let index = 0; index < MAGIC.length; index++) bytes[index] = MAGIC.charCodeAt(index)
  view.setUint32(4, VERSION, true)
  view.setUint32(8, lengths.length, true)
  const contents = new Map<number, Uint8Array<ArrayBuffer>>()
  let at = PREAMBLE_BYTES
  for (const number of shape.order) {
    const length = lengths[number - 1] ?? 0
    view.setUint32(at, number, true)
    view.setBigUint64(at + 4, BigInt(length), true)
    contents.set(number, bytes.subarray(at + SECTION_HEADER_BYTES, at + SECTION_HEADER_BYTES + length))
    at += SECTION_HEADER_BYTES + length
  }
  const content = (number: number): Uint8Array<ArrayBuffer> => contents.get(number) ?? new Uint8Array()
  viewOf(content(SECTION.protocol)).setUint32(0, GROTH16, true)
  viewOf(content(SECTION.coefficients)).setUint32(0, shape.entries, true)
  const sections = {
    wires: shape.wires,
    publicCount: shape.publicCount,
    domain: shape.domain,
    domainLog: 31 - Math.clz32(shape.domain),
    order: shape.order,
    ...fillHeader(content(SECTION.header), shape),
    ic: content(SECTION.ic),
    coefficients: content(SECTION.coefficients).subarray(4),
    a: content(SECTION.a),
    b1: content(SECTION.b1),
    b2: content(SECTION.b2),
    c: content(SECTION.c),
    h: content(SECTION.h),
    contributions: content(SECTION.contributions),
  }
  return { bytes, sections }
}

/** The lengths of sections 1 to 10. */
function sectionLengths({ wires, publicCount, domain, entries, contributionsBytes }: ZkeyShape): number[] {
  const listed = publicCount + 1
  const points = [wires * G1_BYTES, wires * G1_BYTES, wires * G2_BYTES, (wires - listed) * G1_BYTES, domain * G1_BYTES]
  return [4, HEADER_BYTES, listed * G1_BYTES, 4 + entries * ENTRY_BYTES, ...points, contributionsBytes]
}

type HeaderPoints = Pick<ZkeySections, 'alpha1' | 'beta1' | 'beta2' | 'gamma2' | 'delta1' | 'delta2'>

/** Writes the fields and the counts; the points are left to the caller. */
function fillHeader(section: Uint8Array<ArrayBuffer>, shape: ZkeyShape): HeaderPoints {
  const view = viewOf(section)
  let at = 0
  for (const order of [Q, R]) {
    view.setUint32(at, FIELD_BYTES, true)
    for (let word = 0; word < 4; word++) {
      view.setBigUint64(at + 4 + 8 * word, (order >> BigInt(64 * word)) & (2n ** 64n - 1n), true)
    }
    at += 4 + FIELD_BYTES
  }
  for (const count of [shape.wires, shape.publicCount, shape.domain]) {
    view.setUint32(at, count, true)
    at += 4
  }
  const point = (length: number): Uint8Array => {
    at += length
    return section.subarray(at - length, at)
  }
  return {
    alpha1: point(G1_BYTES),
    beta1: point(G1_BYTES),
    beta2: point(G2_BYTES),
    gamma2: point(G2_BYTES),
    delta1: point(G1_BYTES),
    delta2: point(G2_BYTES),
  }
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
