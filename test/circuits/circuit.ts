import { readFile } from 'node:fs/promises'
import { compileMain } from '../../scripts/circuits/compile.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { loadWitnessProgram, type WitnessInputs } from '../../src/prover/witness.ts'
import { publicSignalCount, readR1cs } from '../../src/setup/r1cs.ts'
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
}

/** One of the project's circuits, compiled (or found compiled) and loaded. */
export function loadCircuit(id: CircuitId): Promise<Circuit> {
  return loadCircuitFile(`circuits/main/${id}.circom`)
}

/** Any file that has a `component main`; its path is absolute or relative to the project root. */
export async function loadCircuitFile(mainFile: string): Promise<Circuit> {
  const { name, r1csPath, wasmPath, symPath } = await compileMain(mainFile)
  const wasm = new Uint8Array(await readFile(wasmPath))
  const r1cs = readR1cs(await readFile(r1csPath))
  const symbols = parseSymbols(await readFile(symPath, 'utf8'))
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

/** A `.sym` line is `label,wire,component,name`; the wire is -1 for a signal that a linear constraint replaced. */
function parseSymbols(text: string): { wireOf: Map<string, number>; names: string[] } {
  const wireOf = new Map<string, number>()
  const names: string[] = ['']
  for (const line of text.split('\n')) {
    const [, wire = '-1', , name = ''] = line.split(',')
    if (wire === '-1') continue
    // `DayOrder_129_5393`: the compiler numbers components that have no name of their own.
    const plain = name.replace(/^main\./, '').replace(/_\d+_\d+/g, '')
    wireOf.set(plain, Number(wire))
    names[Number(wire)] ??= plain
  }
  return { wireOf, names }
}
