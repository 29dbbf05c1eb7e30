import type { WitnessInputs } from '../../../src/prover/witness.ts'
import type { Circuit } from '../circuit.ts'
import type { EvaluatedWitness } from '../constraint-system.ts'
import { jacobianRows } from './jacobian.ts'
import { kernelSupport } from './kernel.ts'
import { mutateWires } from './mutate.ts'
import { acceptedOutOfRange, collidingOutputs, type Range } from './patterns-inputs.ts'
import { secondSolutions } from './patterns-second-solution.ts'
import { undeterminedWires } from './uniqueness.ts'

/** The parts of the forger, the cheapest first. `vectors` are attacks made by hand, here the generic ones. */
export const PARTS = ['structural', 'mutation', 'uniqueness', 'vectors'] as const

export type Part = (typeof PARTS)[number]

/** What is known of a circuit that nobody has reviewed. */
export type Probe = {
  /** Inputs that satisfy the circuit, special ones among them. */
  readonly inputs: readonly WitnessInputs[]
  /** What the statement promises of an input; the circuit must not accept anything else. */
  readonly ranges?: Readonly<Record<string, Range>>
  /** Signals that these others must determine, whatever the rest of the inputs. */
  readonly determined?: readonly { readonly signal: string; readonly by: readonly string[] }[]
}

/** Something the circuit leaves open. Not every one is a bug: the hint for an inverse of 0 is open and harmless. */
export type Finding = {
  readonly part: Part
  /** A signal that may be other than it is. */
  readonly signal: string
  readonly reason: string
}

/**
 * Tries what is known to go wrong in circuits on one of which nothing is known but some inputs. Each part, signal and
 * reason once.
 */
export async function findPatterns(circuit: Circuit, probe: Probe): Promise<Finding[]> {
  const findings = new Map<string, Finding>()
  const add = (part: Part, signal: string, reason: string) =>
    findings.set(`${part} ${signal} ${reason}`, { part, signal, reason })
  const addWires = (part: Part, wires: readonly number[], reason: string) => {
    for (const wire of wires) add(part, circuit.names[wire] ?? '', reason)
  }

  addWires('structural', idleWires(circuit), 'stands in no constraint')
  for (const signal of await idleInputs(circuit, probe.inputs[0] ?? {})) add('structural', signal, 'changes nothing')
  for (const inputs of probe.inputs) {
    const evaluated = circuit.system.evaluate(await satisfying(circuit, inputs))
    // Other inputs are another statement; which ones are allowed is a matter of their ranges.
    const isInput = new Set(circuit.system.inputs)
    const survivors = mutateWires(circuit.system, evaluated).survivors.filter((wire) => !isInput.has(wire))
    addWires('mutation', survivors, 'may change alone')
    addWires('uniqueness', undeterminedWires(circuit.system, evaluated), 'not determined by the inputs')
    for (const { signal, by } of probe.determined ?? []) {
      if (!isDetermined(circuit, evaluated, signal, by)) {
        add('uniqueness', signal, `not determined by ${by.join(', ')}`)
      }
    }
    for (const { wires, reason } of secondSolutions(circuit, evaluated)) addWires('vectors', wires, reason)
    for (const { signal, reason } of await acceptedOutOfRange(circuit, inputs, probe.ranges ?? {})) {
      add('vectors', signal, reason)
    }
    for (const { signal, reason } of await collidingOutputs(circuit, inputs)) add('vectors', signal, reason)
  }
  return [...findings.values()]
}

async function satisfying(circuit: Circuit, inputs: WitnessInputs): Promise<bigint[]> {
  const witness = await circuit.prove(inputs)
  if (circuit.system.firstViolated(witness) !== -1) throw new Error(`${circuit.name}: the inputs do not satisfy it`)
  return witness
}

/** Public signals without a constraint; the compiler keeps no other signal that has none. */
function idleWires({ system }: Circuit): number[] {
  return Array.from({ length: system.r1cs.wires }, (_, wire) => wire).filter((wire) => {
    return wire > 0 && system.occurrences(wire).length === 0
  })
}

/** Private inputs that have no wire and on which no wire depends. One that the compiler substituted has dependants. */
async function idleInputs(circuit: Circuit, inputs: WitnessInputs): Promise<string[]> {
  const witness = await circuit.forge(inputs)
  const idle: string[] = []
  for (const [name, given] of Object.entries(inputs)) {
    const values = typeof given === 'bigint' ? [given] : given
    for (const [index, value] of values.entries()) {
      const signal = typeof given === 'bigint' ? name : `${name}[${index}]`
      if (circuit.names.includes(signal)) continue
      const changed = typeof given === 'bigint' ? value + 1n : values.with(index, value + 1n)
      const other = await circuit.forge({ ...inputs, [name]: changed })
      if (other.every((wire, at) => wire === witness[at])) idle.push(signal)
    }
  }
  return idle
}

/** To the first order, as in uniqueness.ts, with these signals held in place of the inputs. */
function isDetermined(circuit: Circuit, evaluated: EvaluatedWitness, signal: string, by: readonly string[]): boolean {
  const held = new Set([0, ...by.map((name) => circuit.wire(name))])
  const known = Uint8Array.from({ length: circuit.system.r1cs.wires }, (_, wire) => (held.has(wire) ? 1 : 0))
  return !kernelSupport(jacobianRows(circuit.system, evaluated, known), known).includes(circuit.wire(signal))
}
