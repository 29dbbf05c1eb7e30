import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import { type Definition, definitionsOf, solveRow, wiresOfRow } from './definitions.ts'
import { loadPlainCircuit, type PlainCircuit } from './plain-circuit.ts'

/** A forger's own program: it computes a witness as the circuit's source says, but for signals that it is told. */
export type Recomputation = {
  readonly circuit: PlainCircuit
  /** Every signal for these inputs, satisfying or not, by wire of {@link circuit}. */
  readonly forge: (inputs: WitnessInputs) => Promise<bigint[]>
  /**
   * The signals that change when some are given other values and all that follows from them is computed anew, hints
   * included; what comes before stays.
   *
   * @param told other values by wire of {@link circuit}; inputs, intermediate signals and hints alike
   */
  readonly follow: (signals: readonly bigint[], told: ReadonlyMap<number, bigint>) => Map<number, bigint>
  /** The same changes by wire of the circuit that is proved; signals that the compiler substituted fall away. */
  readonly proved: (changes: ReadonlyMap<number, bigint>) => Map<number, bigint>
}

/** Of one of the project's circuits. The example is for the inputs' names and sizes only. */
export async function loadRecomputation(mainFile: string, example: WitnessInputs): Promise<Recomputation> {
  const circuit = await loadPlainCircuit(mainFile, example)
  const steps = definitionsOf(circuit).map((definition) => ({ definition, reads: readBy(circuit, definition) }))
  const provedWire = new Map(circuit.provedAs.map((plain, wire) => [plain, wire]))
  return {
    circuit,
    forge: circuit.forge,
    follow: (signals, told) => {
      const changes = new Map(told)
      const changed = new Uint8Array(signals.length)
      for (const wire of told.keys()) changed[wire] = 1
      const value = (wire: number) => (changed[wire] ? changes.get(wire) : signals[wire]) ?? 0n
      for (const { definition, reads } of steps) {
        const { wire } = definition
        if (told.has(wire) || !reads.some((read) => changed[read])) continue
        const now =
          'row' in definition
            ? solveRow(circuit.r1cs, definition.row, wire, value)
            : definition.hint.value(...definition.hint.from.map(value))
        if (now === signals[wire]) continue
        changed[wire] = 1
        changes.set(wire, now)
      }
      return changes
    },
    proved: (changes) => {
      const kept = new Map<number, bigint>()
      for (const [plain, value] of changes) {
        const wire = provedWire.get(plain)
        if (wire !== undefined) kept.set(wire, value)
      }
      return kept
    },
  }
}

function readBy({ r1cs }: PlainCircuit, definition: Definition): Uint32Array {
  const wires = 'row' in definition ? [...wiresOfRow(r1cs, definition.row)] : definition.hint.from
  return Uint32Array.from(wires.filter((wire) => wire !== definition.wire && wire !== 0))
}
