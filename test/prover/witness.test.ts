import { readFile } from 'node:fs/promises'
import * as snarkjs from 'snarkjs'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CompiledCircuit, compileCircuits } from '../../scripts/circuits/compile.ts'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { ProverError } from '../../src/prover/prover-error.ts'
import { loadWitnessProgram, type WitnessInputs, type WitnessProgram } from '../../src/prover/witness.ts'
import { encodeWtns } from '../fixtures/wtns.ts'
import { ISSUE_INPUTS } from './inputs.ts'

let circuit: CompiledCircuit
let program: WitnessProgram

beforeAll(async () => {
  circuit = (await compileCircuits())['issue-v1']
  program = await loadWitnessProgram(await readFile(circuit.wasmPath))
}, 180_000)

describe('calculate', () => {
  test('gives a value for every wire, which snarkjs finds to satisfy the circuit', async () => {
    const witness = await program.calculate(ISSUE_INPUTS)
    expect(witness.length).toBe(32 * circuit.wires)
    expect(program.wires).toBe(circuit.wires)
    expect(element(witness, 0)).toBe(1n)
    // Outputs, then public inputs.
    expect(element(witness, 3)).toBe(ISSUE_INPUTS.context)
    expect(element(witness, 4)).toBe(ISSUE_INPUTS.issuerScope)
    const r1cs = await readFile(circuit.r1csPath)
    const check = (bytes: Uint8Array) =>
      snarkjs.wtns.check({ type: 'mem', data: r1cs }, { type: 'mem', data: encodeWtns(bytes) }, SILENT)
    expect(await check(witness)).toBe(true)
    witness[32] = (witness[32] ?? 0) ^ 1
    expect(await check(witness)).toBe(false)
  })

  test('takes the largest element and gives the same bytes again', async () => {
    const inputs = { ...ISSUE_INPUTS, context: FIELD_ORDER - 1n }
    const witness = await program.calculate(inputs)
    expect(element(witness, 3)).toBe(FIELD_ORDER - 1n)
    expect(await program.calculate(inputs)).toEqual(witness)
  })

  test('gives the same bytes where the program keeps its memory to itself', async () => {
    const wasm = Buffer.from(await readFile(circuit.wasmPath))
    const name = wasm.indexOf('memory')
    wasm.write('hidden', name)
    expect(await (await loadWitnessProgram(new Uint8Array(wasm))).calculate(ISSUE_INPUTS)).toEqual(
      await program.calculate(ISSUE_INPUTS),
    )
  })

  test('leaves nothing of a run in a memory, whether it succeeds or fails', async () => {
    const instantiate = vi.spyOn(WebAssembly, 'instantiate')
    onTestFinished(() => instantiate.mockRestore())
    const used = await loadWitnessProgram(await readFile(circuit.wasmPath))
    const memories = (): Uint8Array[] =>
      instantiate.mock.settledResults.map(({ value }) => new Uint8Array(value.exports.memory.buffer))
    const asNew = memories()[0]?.slice()
    await used.calculate(ISSUE_INPUTS)
    await expect(used.calculate({ ...ISSUE_INPUTS, holderSecret: 0n })).rejects.toThrow(ProverError)
    expect(memories()).toHaveLength(1)
    const [after] = memories()
    expect(asNew && after?.subarray(0, asNew.length)).toEqual(asNew)
    expect(after?.subarray(asNew?.length).every((byte) => byte === 0)).toBe(true)
  })

  test('a program with a global is started anew for each run', async () => {
    const wasm = await readFile(circuit.wasmPath)
    // One constant of type i32, where its section belongs: after that of the memory, before that of the exports.
    const at = sectionStart(wasm, 7)
    const withGlobal = Buffer.concat([
      wasm.subarray(0, at),
      Uint8Array.of(6, 6, 1, 0x7f, 0, 0x41, 0, 0x0b),
      wasm.subarray(at),
    ])
    const instantiate = vi.spyOn(WebAssembly, 'instantiate')
    onTestFinished(() => instantiate.mockRestore())
    const used = await loadWitnessProgram(new Uint8Array(withGlobal))
    expect(await used.calculate(ISSUE_INPUTS)).toEqual(await used.calculate(ISSUE_INPUTS))
    expect(instantiate).toHaveBeenCalledTimes(3)
    const memories: WebAssembly.Memory[] = instantiate.mock.settledResults.map(({ value }) => value.exports.memory)
    for (const { buffer } of memories.slice(1)) expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true)
  })

  test('the memories of earlier runs are let go', async () => {
    const wasm = await WebAssembly.compile(await readFile(circuit.wasmPath))
    const kept = await keptAfter(400, () => program.calculate(ISSUE_INPUTS))
    // Measured in a way that sees memories that are kept.
    const all: WebAssembly.Instance[] = []
    const keptOnPurpose = await keptAfter(100, async () => void all.push(await WebAssembly.instantiate(wasm, RUNTIME)))
    expect(keptOnPurpose / all.length).toBeGreaterThan(1_000_000)
    expect(kept).toBeLessThan(200 * (keptOnPurpose / all.length))
  })

  const { issuerScope: _, ...withoutScope } = ISSUE_INPUTS
  test.each<[string, string, WitnessInputs]>([
    ['witness_input_missing', 'an input left out', withoutScope],
    ['witness_input_unknown', 'an input of another name', { ...withoutScope, issuerScop: 4n }],
    ['witness_input_size', 'two values for one', { ...ISSUE_INPUTS, issuerScope: [4n, 5n] }],
    ['witness_input_size', 'no value for one', { ...ISSUE_INPUTS, issuerScope: [] }],
    ['witness_input_range', 'a value of r', { ...ISSUE_INPUTS, issuerScope: FIELD_ORDER }],
    ['witness_input_range', 'a negative value', { ...ISSUE_INPUTS, issuerScope: -1n }],
    ['witness_unsatisfied', 'a secret of zero', { ...ISSUE_INPUTS, holderSecret: 0n }],
  ])('refuses with %s: %s', async (code, _description, inputs) => {
    const error = await program.calculate(inputs).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'ProverError', code })
    expect(error).not.toHaveProperty('cause')
    for (const value of Object.values(ISSUE_INPUTS)) expect(String(error)).not.toContain(String(value))
    // And has not spoilt the program.
    await expect(program.calculate(ISSUE_INPUTS)).resolves.toHaveLength(32 * circuit.wires)
  })
})

describe('loadWitnessProgram', () => {
  test.each([
    ['no WebAssembly', new Uint8Array(16)],
    ['a module that exports nothing', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ])('refuses %s', async (_, bytes) => {
    await expect(loadWitnessProgram(bytes)).rejects.toThrowError(
      expect.objectContaining({ code: 'witness_program_invalid' }),
    )
  })
})

/** Where the section of a number begins. */
function sectionStart(wasm: Uint8Array, number: number): number {
  let at = 8
  while (wasm[at] !== number) {
    let [length, shift] = [0, 0]
    let byte: number
    do {
      byte = wasm[++at] ?? 0
      length |= (byte & 0x7f) << shift
      shift += 7
    } while (byte > 0x7f)
    at += 1 + length
  }
  return at
}

/** Bytes outside of JavaScript's heap that so many runs add. */
async function keptAfter(runs: number, body: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().external
  for (let run = 0; run < runs; run++) await body()
  return process.memoryUsage().external - before
}

const silent = (): void => {}
const SILENT: snarkjs.Logger = { debug: silent, info: silent, warn: silent, error: silent }
/** What a witness program imports. */
const RUNTIME = {
  runtime: {
    exceptionHandler: silent,
    printErrorMessage: silent,
    writeBufferMessage: silent,
    showSharedRWMemory: silent,
  },
}

function element(witness: Uint8Array, wire: number): bigint {
  return BigInt(
    `0x${Buffer.from(witness.slice(32 * wire, 32 * wire + 32))
      .reverse()
      .toString('hex')}`,
  )
}
