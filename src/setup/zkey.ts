import { blake2b } from '@noble/hashes/blake2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { utf8 } from '../protocol/bytes.ts'
import { FIELD_ORDER } from '../protocol/field.ts'
import { BASE_FIELD_ORDER } from './points.ts'
import { publicSignalCount, type R1cs, type SparseMatrix } from './r1cs.ts'

/** The points of a Groth16 key in the byte form of `SetupArithmetic`. */
export type KeyPoints = {
  domain: number
  alpha1: Uint8Array
  beta1: Uint8Array
  beta2: Uint8Array
  gamma2: Uint8Array
  delta1: Uint8Array
  delta2: Uint8Array
  /** One point for the constant, then one for each public signal. */
  ic: Uint8Array
  /** One point a wire. */
  a: Uint8Array
  b1: Uint8Array
  b2: Uint8Array
  /** One point for each wire that is neither the constant nor public. */
  c: Uint8Array
  /** One point for each point of the domain. */
  h: Uint8Array
}

const GROTH16 = 1
const ENTRY_BYTES = 12 + 32
/** The format keeps coefficients times R², so that one Montgomery multiplication by a plain witness value gives c·w·R. */
const MONTGOMERY_SQUARED = 2n ** 512n % FIELD_ORDER

/**
 * A `.zkey` file, version 1, with the ten sections that snarkjs reads. The last names the circuit and lists no
 * contribution, for there was no ceremony.
 */
export function writeZkey(r1cs: R1cs, points: KeyPoints, r1csHash: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = concatBytes(
    u32(32),
    u256(BASE_FIELD_ORDER),
    u32(32),
    u256(FIELD_ORDER),
    u32(r1cs.wires),
    u32(publicSignalCount(r1cs)),
    u32(points.domain),
    points.alpha1,
    points.beta1,
    points.beta2,
    points.gamma2,
    points.delta1,
    points.delta2,
  )
  const circuitHash = blake2b(concatBytes(utf8('touchstone/v1/circuit'), new Uint8Array(1), r1csHash), { dkLen: 64 })
  const contributions = concatBytes(circuitHash, u32(0))
  const sections = [u32(GROTH16), header, points.ic, coefficients(r1cs), points.a, points.b1, points.b2]
  sections.push(points.c, points.h, contributions)
  const parts = [utf8('zkey'), u32(1), u32(sections.length)]
  for (const [index, section] of sections.entries()) parts.push(u32(index + 1), u64(section.length), section)
  return new Uint8Array(concatBytes(...parts))
}

/** Section 4: matrices A and B (C follows from them), row by row, then the rows of the public signals. */
function coefficients(r1cs: R1cs): Uint8Array {
  const extra = publicSignalCount(r1cs) + 1
  const count = r1cs.a.wires.length + r1cs.b.wires.length + extra
  const bytes = new Uint8Array(4 + count * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, count, true)
  let at = 4
  const write = (matrix: number, row: number, wire: number, coefficient: bigint): void => {
    view.setUint32(at, matrix, true)
    view.setUint32(at + 4, row, true)
    view.setUint32(at + 8, wire, true)
    setU256(view, at + 12, (coefficient * MONTGOMERY_SQUARED) % FIELD_ORDER)
    at += ENTRY_BYTES
  }
  const writeRow = (matrix: SparseMatrix, index: number, row: number): void => {
    const end = matrix.starts[row + 1] ?? 0
    for (let entry = matrix.starts[row] ?? 0; entry < end; entry++) {
      write(index, row, matrix.wires[entry] ?? 0, matrix.coefficients[entry] ?? 0n)
    }
  }
  for (let row = 0; row < r1cs.rows; row++) {
    writeRow(r1cs.a, 0, row)
    writeRow(r1cs.b, 1, row)
  }
  for (let signal = 0; signal < extra; signal++) write(0, r1cs.rows + signal, signal, 1n)
  return bytes
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

function u256(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  setU256(new DataView(bytes.buffer), 0, value)
  return bytes
}

function setU256(view: DataView, at: number, value: bigint): void {
  for (let word = 0; word < 4; word++)
    view.setBigUint64(at + 8 * word, (value >> BigInt(64 * word)) & (2n ** 64n - 1n), true)
}
