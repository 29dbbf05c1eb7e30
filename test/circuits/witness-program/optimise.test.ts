import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToNumberLE } from '@noble/curves/utils.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CompiledCircuit, compileCircuits, compileMain } from '../../../scripts/circuits/compile.ts'
import { optimiseWitnessProgram } from '../../../scripts/circuits/witness-program/optimise.ts'
import { readModule, SECTION, writeModule } from '../../../scripts/circuits/witness-program/wasm-module.ts'
import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../../src/protocol/signals.ts'
import { loadWitnessProgram, type WitnessInputs, type WitnessProgram } from '../../../src/prover/witness.ts'
import { loadTarget } from '../forger/load-target.ts'
import { type Seeded, seeded } from '../forger/seeded.ts'
import { removeAssertions } from '../unasserted.ts'

/** How many times as many cases: a few dozen make thousands. */
const SCALE = Number(process.env.WITNESS_SCALE ?? 1)
/** Random inputs that satisfy the circuit, and as many that do not. */
const CASES: Readonly<Record<CircuitId, number>> = { 'issue-v1': 20, 'login-v1': 20, 'group-v1': 6, 'present-v1': 5 }
const SEED = Number(process.env.WITNESS_SEED ?? 1)

let compiled: Record<CircuitId, CompiledCircuit>
beforeAll(async () => {
  compiled = await compileCircuits()
})

async function programs(id: CircuitId, change = (wasm: Uint8Array<ArrayBuffer>) => wasm) {
  const load = async (path: string) => loadWitnessProgram(change(new Uint8Array(await readFile(path))))
  return { stock: await load(compiled[id].stockWasmPath), optimised: await load(compiled[id].wasmPath) }
}

/** The witness, or the code of the refusal. */
function outcome(program: WitnessProgram, inputs: WitnessInputs): Promise<unknown> {
  return program.calculate(inputs).catch((error: { code?: string }) => error.code ?? error)
}

describe.each(CIRCUIT_IDS)('the program of %s', (id) => {
  const count = SCALE * CASES[id]

  test(`has circom's witnesses on ${count} random cases, seed ${SEED} (WITNESS_SEED)`, async () => {
    const { stock, optimised } = await programs(id)
    const target = await loadTarget(id)
    for (let place = 0; place < count; place++) {
      const witness = await stock.calculate(target.inputs(SEED + place))
      expect(Buffer.compare(await optimised.calculate(target.inputs(SEED + place)), witness)).toBe(0)
    }
  })

  test(`refuses what circom's refuses, and without assertions computes the same, on ${count} cases`, async () => {
    const { stock, optimised } = await programs(id)
    const { stock: stockForger, optimised: optimisedForger } = await programs(id, removeAssertions)
    const target = await loadTarget(id)
    const random = seeded(SEED, id)
    const honest = Object.entries(target.inputs(SEED))
    for (let place = 0; place < count; place++) {
      const changed = random.pick(honest)[0]
      const inputs = Object.fromEntries(
        honest.map(([name, value]) => [name, name === changed ? replaced(value, random) : value]),
      )
      expect(await outcome(optimised, inputs)).toEqual(await outcome(stock, inputs))
      expect(await outcome(optimisedForger, inputs)).toEqual(await outcome(stockForger, inputs))
    }
  })
})

describe('the inverse', () => {
  const PLACES = 64

  test('is that of the field, 0 for 0, at the ends, at powers of two and at random, as in the stock program', async () => {
    const { wasmPath, stockWasmPath } = await compileMain(join(import.meta.dirname, 'inverses.circom'))
    const [optimised, stock] = await Promise.all(
      [wasmPath, stockWasmPath].map(async (path) => loadWitnessProgram(new Uint8Array(await readFile(path)))),
    )
    const { field, below } = seeded(SEED, 'inverses')
    const powers = Array.from({ length: 254 }, (_, exponent) => 2n ** BigInt(exponent) % FIELD_ORDER)
    const values = [
      ...[0n, 1n, 2n, 3n, (FIELD_ORDER - 1n) / 2n, (FIELD_ORDER + 1n) / 2n],
      ...powers,
      ...powers.map((power) => FIELD_ORDER - power),
      ...Array.from({ length: 600 }, field),
      ...Array.from({ length: 400 }, () => below(2n ** below(248n))),
    ]
    for (let from = 0; from < values.length; from += PLACES) {
      const given = Array.from({ length: PLACES }, (_, place) => values[from + place] ?? 0n)
      const witness = await optimised?.calculate({ in: given })
      expect(witness).toEqual(await stock?.calculate({ in: given }))
      for (const [place, value] of given.entries()) {
        const inverse = element(witness, 1 + place)
        expect(inverse).toBeLessThan(FIELD_ORDER)
        expect((inverse * value) % FIELD_ORDER).toBe(value === 0n ? 0n : 1n)
      }
    }
  })
})

describe('optimiseWitnessProgram', () => {
  test.each(CIRCUIT_IDS)(
    'gives the same bytes again for %s, which are far fewer, behind the same exports',
    async (id) => {
      const stock = await readFile(compiled[id].stockWasmPath)
      const optimised = await readFile(compiled[id].wasmPath)
      expect(Buffer.compare(await optimiseWitnessProgram(stock), optimised)).toBe(0)
      expect(optimised.length).toBeLessThan(stock.length / (id === 'present-v1' ? 6 : 2))
      const [before, after] = await Promise.all([stock, optimised].map((wasm) => WebAssembly.compile(wasm)))
      if (!before || !after) throw new Error('a program is missing')
      expect(WebAssembly.Module.exports(after)).toEqual(WebAssembly.Module.exports(before))
      expect(WebAssembly.Module.imports(after)).toEqual(WebAssembly.Module.imports(before))
    },
  )

  test('refuses what circom does not write', async () => {
    const stock = await readFile(compiled['issue-v1'].stockWasmPath)
    const nameless = writeModule(readModule(stock).filter(({ id }) => id !== SECTION.custom))
    const refused = async (wasm: Uint8Array, message: string) =>
      expect(optimiseWitnessProgram(wasm)).rejects.toThrowError(
        expect.objectContaining({ name: 'WasmFormatError', message }),
      )
    await refused(new Uint8Array(16), 'not a WebAssembly module, version 1')
    await refused(stock.subarray(0, stock.length - 1), 'the module ends in the middle')
    await refused(nameless, 'the program has no function Fr_int_inverseMod')
  })
})

function replaced(value: bigint | readonly bigint[], { field, below }: Seeded): bigint | readonly bigint[] {
  if (typeof value === 'bigint') return field()
  const place = Number(below(BigInt(value.length)))
  return value.map((element, index) => (index === place ? field() : element))
}

function element(witness: Uint8Array | undefined, wire: number): bigint {
  return bytesToNumberLE(witness?.subarray(32 * wire, 32 * wire + 32) ?? new Uint8Array())
}
