import { describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { publicSignalCount, readR1cs } from '../../src/setup/r1cs.ts'
import { encodeR1cs, productCircuit, type R1csFile } from './r1cs-file.ts'

const circuit = productCircuit(3)

function changed(change: Partial<R1csFile>): Uint8Array {
  return encodeR1cs({ ...circuit, ...change })
}

describe('readR1cs', () => {
  test('reads counts and constraints', () => {
    const r1cs = readR1cs(encodeR1cs(circuit))
    expect(r1cs).toMatchObject({ wires: 8, outputs: 1, publicInputs: 0, privateInputs: 2, rows: 5, labels: 8n })
    expect(publicSignalCount(r1cs)).toBe(1)
    expect([...r1cs.a.starts]).toEqual([0, 1, 2, 4, 6, 8])
    expect([...r1cs.a.wires]).toEqual([2, 4, 0, 4, 0, 5, 0, 6])
    expect(r1cs.a.coefficients.slice(2, 4)).toEqual([5n, FIELD_ORDER - 3n])
    expect([...r1cs.wireLabels]).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n])
  })

  test('reads a view into a larger buffer', () => {
    const bytes = encodeR1cs(circuit)
    const padded = new Uint8Array(bytes.length + 14)
    padded.set(bytes, 7)
    expect(readR1cs(padded.subarray(7, 7 + bytes.length))).toEqual(readR1cs(bytes))
  })

  test.each<[string, string, Partial<R1csFile>]>([
    ['r1cs_malformed', 'another version', { version: 2 }],
    ['r1cs_malformed', 'a section of custom gates', { extraSection: 4 }],
    ['r1cs_malformed', 'a section that stands twice', { extraSection: 3 }],
    ['r1cs_field', 'another prime', { prime: FIELD_ORDER - 2n }],
    ['r1cs_malformed', 'no wires', { wires: 0 }],
    ['r1cs_malformed', 'fewer labels than signals', { privateInputs: 7 }],
    ['r1cs_malformed', 'fewer wires than public signals', { publicInputs: 7 }],
    ['r1cs_malformed', 'a wire that does not exist', { constraints: [[[[8, 1n]], [], []]] }],
    ['r1cs_malformed', 'a coefficient that is not reduced', { constraints: [[[[1, FIELD_ORDER]], [], []]] }],
  ])('refuses, as %s, %s', (code, _, change) => {
    expect(() => readR1cs(changed(change))).toThrowError(expect.objectContaining({ code }))
  })

  test('refuses a file cut anywhere and a file with a byte more', () => {
    const bytes = encodeR1cs(circuit)
    const code = 'r1cs_malformed'
    for (let length = 0; length < bytes.length; length += 1 + (length >> 4)) {
      expect(() => readR1cs(bytes.subarray(0, length))).toThrowError(expect.objectContaining({ code }))
    }
    expect(() => readR1cs(Uint8Array.of(...bytes, 0))).toThrowError(expect.objectContaining({ code }))
  })
})
