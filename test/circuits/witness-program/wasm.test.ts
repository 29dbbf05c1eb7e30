import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConstantTable } from '../../../scripts/circuits/witness-program/constant-table.ts'
import { OPCODE, readInstructions } from '../../../scripts/circuits/witness-program/instructions.ts'
import { joinBytes, signed, unsigned, WasmReader } from '../../../scripts/circuits/witness-program/wasm-module.ts'

test('numbers of 32 bits come back from LEB128', () => {
  const ends = [0, 1, 63, 64, 127, 128, 8191, 8192, 2 ** 31 - 1]
  const check = (value: number) => {
    expect(new WasmReader(signed(value)).signed()).toBe(value)
    if (value >= 0) expect(new WasmReader(unsigned(value)).unsigned()).toBe(value)
  }
  for (const value of [...ends, ...ends.map((end) => -end - 1)]) check(value)
  expect(new WasmReader(unsigned(2 ** 32 - 1)).unsigned()).toBe(2 ** 32 - 1)
  fc.assert(fc.property(fc.integer(), check), { seed: 1 })
  expect(() => new WasmReader(new Uint8Array(6).fill(0x80)).unsigned()).toThrow('longer than 32 bits')
  expect(() => new WasmReader(Uint8Array.of(0x80)).unsigned()).toThrow('ends in the middle')
})

test('a body is read instruction by instruction, and only as far as it is understood', () => {
  const body = [1, 2, 0x7f, OPCODE.i32Const, 0x80, 0x01, OPCODE.localGet, 3, OPCODE.i32Add, OPCODE.end]
  expect(readInstructions(Uint8Array.from(body))).toEqual([
    { opcode: OPCODE.i32Const, operand: 128, start: 3, end: 6 },
    { opcode: OPCODE.localGet, operand: 3, start: 6, end: 8 },
    { opcode: OPCODE.i32Add, operand: 0, start: 8, end: 9 },
    { opcode: OPCODE.end, operand: 0, start: 9, end: 10 },
  ])
  const float = [0, 0x43, 0, 0, 0, 0, OPCODE.end]
  expect(() => readInstructions(Uint8Array.from(float))).toThrow('opcode 0x43 is not one that circom writes')
})

test('a table gives back every sequence that was put into it', () => {
  const sequence = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 })
  fc.assert(
    fc.property(fc.array(sequence, { maxLength: 12 }), (sequences) => {
      const table = new ConstantTable()
      const placed = sequences.map((values) => ({ values, pieces: table.pieces(values.map(constant)) }))
      const bytes = table.bytes()
      for (const { values, pieces } of placed) {
        let end = 0
        for (const { from, count, offset } of pieces) {
          expect(from).toBeGreaterThanOrEqual(end)
          end = from + count
          const wanted = joinBytes(values.slice(from, end).map(constant))
          expect(bytes.subarray(40 * offset, 40 * (offset + count))).toEqual(wanted)
        }
      }
    }),
    { seed: 1 },
  )
})

test('a table holds a sequence once', () => {
  const table = new ConstantTable()
  const values = Array.from({ length: 30 }, (_, value) => constant(value))
  expect(table.pieces(values)).toEqual([{ from: 0, count: 30, offset: 0 }])
  expect(table.pieces(values.slice(10, 20))).toEqual([{ from: 0, count: 10, offset: 10 }])
  const mixed = [constant(99), ...values.slice(5, 9), ...[50, 51, 52, 53].map(constant)]
  expect(table.pieces(mixed)).toEqual([
    { from: 1, count: 4, offset: 5 },
    { from: 5, count: 4, offset: 30 },
  ])
  expect(table.bytes()).toHaveLength(40 * 34)
})

function constant(value: number): Uint8Array {
  return new Uint8Array(40).fill(value)
}
