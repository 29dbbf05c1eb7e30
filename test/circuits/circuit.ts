import { readFile } from 'node:fs/promises'
import { compileMain } from '../../scripts/circuits/compile.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { loadWitnessProgram, type WitnessInputs } from '../../src/prover/witness.ts'
import { publicSignalCount, type R1cs, readR1cs } from '../../src/setup/r1cs.ts'
import { ConstraintSystem } from './constraint-system.ts'
import { removeAssertions } from './unasserted.ts'

/** A compiled circuit under test: honest and forged witnesses, and the constraints to hold them against. */
export type Circuit = {
  /** The main file's name without `.circom`. */
  name: string
  system: ConstraintSystem
  /** The witness as a wallet computes it. Throws ProverError `witness_unsatisfied` when circom's assertions fail. */
  prove(inputs: WitnessInputs): Promise<bigint[]>
  /**
   * The same program with its assertions taken out: every signal is computed as written from inputs that may not
   * satisfy the statement. This is the witness of a prover who changed the program and kept all else coherent.
   */
  forge(inputs: WitnessInputs): Promise<bigint[]>
  /** Public signals by name. */
  publicSignals(witness: readonly bigint[]): Record<string, bigint>
  /** The wire that carries a signal, by its full name without `main.`. Throws if the compiler substituted it. */
  wire(signal: string): number
  /** Signal name by wire, without `main.` and the compiler's numbers; `''` for the constant. */
  names: readonly string[]
  /** How many values each input has, by name, those too that nothing uses. */
  inputs: ReadonlyMap<string, number>
}

/** One of the project's circuits, compiled (or found compiled) and loaded. */
export function loadCircuit(id: CircuitId): Promise<Circuit> {
  return loadCircuitFile(`circuits/main/${id}.circom`)
}

/** Any file that has a `component main`; its path is absolute or relative to the project root. Options as of {@link compileMain}. */
export async function loadCircuitFile(mainFile: string, options: { cache?: string } = {}): Promise<Circuit> {
  const { name, r1csPath, wasmPath, symPath } = await compileMain(mainFile, options)
  const wasm = new Uint8Array(await readFile(wasmPath))
  const r1cs = readR1cs(await readFile(r1csPath))
  const symbols = parseSymbols(await readFile(symPath, 'utf8'), r1cs)
  const honest = await loadWitnessProgram(wasm)
  const publicNames = symbols.names.slice(1, 1 + publicSignalCount(r1cs))
  let forger: ReturnType<typeof loadWitnessProgram> | undefined
  return {
    name,
    system: new ConstraintSystem(r1cs),
    prove: async (inputs) => wires(await honest.calculate(inputs)),
    forge: async (inputs) => {
      forger ??= loadWitnessProgram(removeAssertions(wasm))
      return wires(await (await forger).calculate(inputs))
    },
    publicSignals: (witness) =>
      Object.fromEntries(publicNames.map((signal, index) => [signal, witness[index + 1] ?? 0n])),
    wire: (signal) => {
      const wire = symbols.wireOf.get(signal)
      if (wire === undefined) throw new Error(`${name}: no wire carries ${signal}`)
      return wire
    },
    names: symbols.names,
    inputs: symbols.inputs,
  }
}

function wires(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 32 }, (_, wire) => {
    let value = 0n
    for (let word = 3; word >= 0; word--) value = (value << 64n) | view.getBigUint64(wire * 32 + word * 8, true)
    return value
  })
}

/** What a `.sym` file says, in the project's names. */
type Symbols = { wireOf: Map<string, number>; names: string[]; inputs: Map<string, number> }

/** A line is `label,wire,component,name`; the wire is -1 for a signal that a linear constraint replaced or nothing uses. */
function parseSymbols(text: string, { outputs, publicInputs, privateInputs }: R1cs): Symbols {
  const symbols: Symbols = { wireOf: new Map(), names: [''], inputs: new Map() }
  const { wireOf, names, inputs } = symbols
  const lastInput = outputs + publicInputs + privateInputs
  for (const line of text.split('\n')) {
    const [label = '', wire = '-1', , name = ''] = line.split(',')
    const path = name.split('.').slice(1)
    if (Number(label) > outputs && Number(label) <= lastInput) {
      const input = name.replace(/^main\.|\[.*$/g, '')
      inputs.set(input, (inputs.get(input) ?? 0) + 1)
    }
    if (wire === '-1') continue
    const signal = path.pop() ?? ''
    // `DayOrder_129_5393.in`: the compiler numbers components that have no name of their own.
    const plain = [...path.map((component) => component.replace(/_\d+_\d+/g, '')), signal].join('.')
    wireOf.set(plain, Number(wire))
    names[Number(wire)] ??= plain
  }
  return symbols
}
