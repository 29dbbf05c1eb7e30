import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureKeySet } from '../../scripts/keys.ts'
import { limbs } from '../../src/engine/build/limbs.ts'
import { createEngine } from '../../src/engine/load.ts'
import { inverse, R } from '../../src/engine/parameters.ts'
import { QuotientProgram } from '../../src/engine/quotient.ts'
import { readZkey } from '../../src/proving-key/read-zkey.ts'
import { codeOf } from '../expect-code.ts'
import { fromLittleEndian, littleEndian, modulo, seededValues } from './field-values.ts'
import { cosetValues } from './polynomials.ts'

const SEED = 53n
const engine = await createEngine()

type Entry = { readonly matrix: number; readonly row: number; readonly wire: number; readonly coefficient: bigint }
type System = { readonly domainLog: number; readonly wires: number; readonly list: readonly Entry[] }

function encode(list: readonly Entry[]): Uint8Array {
  const bytes = new Uint8Array(44 * list.length)
  const view = new DataView(bytes.buffer)
  for (const [index, { matrix, row, wire, coefficient }] of list.entries()) {
    for (const [word, value] of [matrix, row, wire].entries()) view.setUint32(44 * index + 4 * word, value, true)
    bytes.set(littleEndian((coefficient * 2n ** 512n) % R), 44 * index + 12)
  }
  return bytes
}

function decode(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const factor = inverse(2n ** 512n % R, R)
  return Array.from({ length: bytes.length / 44 }, (_, index) => ({
    matrix: view.getUint32(44 * index, true),
    row: view.getUint32(44 * index + 4, true),
    wire: view.getUint32(44 * index + 8, true),
    coefficient: (fromLittleEndian(bytes.subarray(44 * index + 12, 44 * index + 44)) * factor) % R,
  }))
}

/** A·B − C on the coset, as the definition has it. */
function expected({ domainLog, list }: System, witness: readonly bigint[]): bigint[] {
  const rows = [0, 1].map(() => new Array<bigint>(2 ** domainLog).fill(0n))
  for (const { matrix, row, wire, coefficient } of list) {
    const values = rows[matrix] ?? []
    values[row] = ((values[row] ?? 0n) + coefficient * (witness[wire] ?? 0n)) % R
  }
  const [a = [], b = []] = rows
  const c = a.map((value, row) => (value * (b[row] ?? 0n)) % R)
  const [onA, onB, onC] = [cosetValues(a), cosetValues(b), cosetValues(c)]
  return onA.map((value, index) => modulo(value * (onB[index] ?? 0n) - (onC[index] ?? 0n), R))
}

function evaluate(program: QuotientProgram, witness: readonly bigint[]): bigint[] {
  const scalars = program.evaluate(new Uint8Array(Buffer.concat(witness.map(littleEndian))))
  return Array.from({ length: program.domain.size }, (_, index) =>
    fromLittleEndian(scalars.subarray(32 * index, 32 * index + 32)),
  )
}

function compile({ domainLog, wires, list }: System): QuotientProgram {
  return QuotientProgram.create(engine, { domainLog, wires, entries: encode(list) })
}

/** Rows of every kind: empty, one wire, ±1, shared by A and B, a wire twice, longer than one step of the program. */
function mixedSystem(): System {
  const random = seededValues(SEED, R, 700)
  const entry = (matrix: number, row: number, wire: number, coefficient: bigint): Entry => ({
    matrix,
    row,
    wire,
    coefficient,
  })
  const long = (matrix: number, row: number, coefficient: (index: number) => bigint): Entry[] =>
    random.map((_, index) => entry(matrix, row, index % 40, coefficient(index)))
  const list = [
    entry(0, 0, 3, 1n),
    entry(1, 0, 4, R - 1n),
    entry(0, 1, 5, 0n),
    entry(1, 1, 5, 2n),
    ...[0, 1].flatMap((matrix) => [entry(matrix, 2, 7, random[0] ?? 0n), entry(matrix, 2, 9, 1n)]),
    ...[0, 1].flatMap((matrix) => [entry(matrix, 3, 9, R - 1n), entry(matrix, 3, 9, R - 1n)]),
    ...long(0, 4, (index) => random[index] ?? 0n),
    ...long(1, 4, (index) => (index % 2 === 0 ? 1n : R - 1n)),
    ...long(0, 5, () => 1n),
    ...long(1, 5, () => R - 2n),
    ...long(0, 6, () => R - 1n),
    ...long(1, 6, (index) => [1n, R - 1n, (R - 1n) / 2n][index % 3] ?? 0n),
    entry(1, 14, 11, 1n),
    entry(0, 15, 39, (R + 1n) / 2n),
    entry(1, 15, 0, 3n),
  ]
  // In a file, rows come in whatever order.
  return { domainLog: 4, wires: 40, list: list.reverse() }
}

test('every kind of row, with witnesses that carry furthest', () => {
  const system = mixedSystem()
  const program = compile(system)
  const full = (value: bigint) => new Array<bigint>(system.wires).fill(value)
  for (const witness of [full(0n), full(1n), full(R - 1n), seededValues(SEED + 1n, R, system.wires)]) {
    expect(evaluate(program, witness)).toEqual(expected(system, witness))
  }
})

test('a circuit of the wallet', async () => {
  const { directory } = await ensureKeySet({ origin: 'development' })
  const { wires, domainLog, coefficients } = readZkey(readFileSync(join(directory, 'issue-v1.zkey')))
  const program = QuotientProgram.create(engine, { domainLog, wires, entries: coefficients })
  for (const seed of [SEED, SEED + 1n]) {
    const witness = seededValues(seed, R, wires)
    expect(evaluate(program, witness)).toEqual(expected({ domainLog, wires, list: decode(coefficients) }, witness))
  }
})

test('coefficients that are all distinct, in more blocks than one, at an odd address', () => {
  const [wires, rows] = [50, 128]
  const random = seededValues(SEED + 3n, R, 2 * rows * wires)
  const list = random.map((coefficient, index) => ({
    matrix: index % 2,
    row: (index >> 1) % rows,
    wire: (index >> 8) % wires,
    coefficient,
  }))
  const system = { domainLog: 7, wires, list }
  const entries = new Uint8Array(44 * list.length + 1).subarray(1)
  entries.set(encode(list))
  const witness = seededValues(SEED + 4n, R, wires)
  const program = QuotientProgram.create(engine, { domainLog: 7, wires, entries })
  expect(evaluate(program, witness)).toEqual(expected(system, witness))
})

test('an equal row takes no memory, an opposite row a step', () => {
  const terms = seededValues(SEED + 5n, R, 9).map((coefficient, wire) => ({ wire, coefficient }))
  const row = (row: number, factor: bigint): Entry[] =>
    terms.map(({ wire, coefficient }) => ({ matrix: row % 2, row, wire, coefficient: modulo(factor * coefficient, R) }))
  const bytes = (...rows: Entry[][]): number => compile({ domainLog: 2, wires: 9, list: rows.flat() }).bytes
  const one = bytes(row(0, 1n))
  const opposite = bytes(row(0, 1n), row(1, -1n))
  expect(bytes(row(0, 1n), row(1, 1n))).toBe(one)
  // A result of 36 bytes, two words of program; whatever is allocated begins at multiples of 16.
  expect(Math.abs(opposite - one - 36 - 8)).toBeLessThan(16)
  expect(bytes(row(0, 1n), row(1, -1n), row(2, -1n), row(3, 1n))).toBe(opposite)
  expect(bytes(row(0, 1n), row(1, 2n))).toBeGreaterThan(one + 9 * 44)
})

test('no constraints, no quotient', () => {
  const program = compile({ domainLog: 1, wires: 1, list: [] })
  expect(evaluate(program, [1n])).toEqual([0n, 0n])
})

test('what followed from a witness is gone after clear, and the program still there', () => {
  const program = compile(mixedSystem())
  const witness = seededValues(SEED + 2n, R, 40)
  const scalars = evaluate(program, witness)
  const secrets = [...witness, ...scalars].flatMap((value) => [littleEndian(value), limbBytes(value)])
  const traces = (): number => {
    const memory = Buffer.from(engine.view(0, engine.size))
    return secrets.filter((secret) => memory.includes(Buffer.from(secret))).length
  }
  expect(traces()).toBeGreaterThan(witness.length)
  program.clear()
  expect(traces()).toBe(0)
  expect(evaluate(program, witness)).toEqual(scalars)
})

/** A value as it stands in the engine's memory, not in Montgomery form. */
function limbBytes(value: bigint): Uint8Array {
  return new Uint8Array(Uint32Array.from(limbs(value), Number).buffer)
}

test('entries that do not exist are refused', () => {
  const system = mixedSystem()
  const entries = encode(system.list)
  const refused = (change: (view: DataView) => void): string | undefined => {
    const bytes = entries.slice()
    change(new DataView(bytes.buffer))
    return codeOf(() => QuotientProgram.create(engine, { ...system, entries: bytes }))
  }
  expect(refused(() => undefined)).toBeUndefined()
  const at = 44 * 100
  expect(refused((view) => view.setUint32(at, 2, true))).toBe('coefficient_out_of_range')
  expect(refused((view) => view.setUint32(at + 4, 16, true))).toBe('coefficient_out_of_range')
  expect(refused((view) => view.setUint32(at + 8, system.wires, true))).toBe('coefficient_out_of_range')
  const setCoefficient = (value: bigint) => (view: DataView) => {
    new Uint8Array(view.buffer).set(littleEndian(value), at + 12)
  }
  expect(refused(setCoefficient(R - 1n))).toBeUndefined()
  expect(refused(setCoefficient(R))).toBe('coefficient_out_of_range')
  const mark = engine.allocate(0)
  expect(refused(setCoefficient(2n ** 256n - 1n))).toBe('coefficient_out_of_range')
  expect(engine.allocate(0)).toBe(mark)
  const short = entries.subarray(0, -1)
  expect(codeOf(() => QuotientProgram.create(engine, { ...system, entries: short }))).toBe('coefficients_malformed')
  expect(codeOf(() => QuotientProgram.create(engine, { ...system, domainLog: 28, entries }))).toBe('domain_size')
})

test('a witness of another length is refused', () => {
  const program = compile(mixedSystem())
  expect(codeOf(() => program.evaluate(new Uint8Array(32 * 40)))).toBeUndefined()
  expect(codeOf(() => program.evaluate(new Uint8Array(32 * 41)))).toBe('witness_size')
})
