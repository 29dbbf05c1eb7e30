import { blake2b } from '@noble/hashes/blake2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { utf8 } from '../protocol/bytes.ts'
import { FIELD_ORDER } from '../protocol/field.ts'
import { writeZkey } from '../proving-key/write-zkey.ts'
import { ENTRY_BYTES } from '../proving-key/zkey-format.ts'
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

/**
 * The format keeps coefficients times R², so that one Montgomery multiplication by a plain witness value gives c·w·R.
 */
const MONTGOMERY_SQUARED = 2n ** 512n % FIELD_ORDER

/**
 * The `.zkey` file of a circuit's key. Its last section names the circuit and lists no contribution, for there was no
 * ceremony.
 */
export function zkeyOf(r1cs: R1cs, points: KeyPoints, r1csHash: Uint8Array): Uint8Array<ArrayBuffer> {
  const circuitHash = blake2b(concatBytes(utf8('touchstone/v1/circuit'), new Uint8Array(1), r1csHash), { dkLen: 64 })
  return writeZkey({
    ...points,
    wires: r1cs.wires,
    publicCount: publicSignalCount(r1cs),
    coefficients: coefficients(r1cs),
    contributions: concatBytes(circuitHash, new Uint8Array(4)),
  })
}

/**
 * Section 4 without its count: matrices A and B (C follows from them), row by row, then the rows of the public signals.
 */
function coefficients(r1cs: R1cs): Uint8Array {
  const extra = publicSignalCount(r1cs) + 1
  const count = r1cs.a.wires.length + r1cs.b.wires.length + extra
  const bytes = new Uint8Array(count * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  let at = 0
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

function setU256(view: DataView, at: number, value: bigint): void {
  for (let word = 0; word < 4; word++)
    view.setBigUint64(at + 8 * word, (value >> BigInt(64 * word)) & (2n ** 64n - 1n), true)
}
