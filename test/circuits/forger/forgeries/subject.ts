import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import type { Circuit } from '../../circuit.ts'
import type { EvaluatedWitness } from '../../constraint-system.ts'
import { loadRecomputation, type Recomputation } from './recompute.ts'

/** What forgeries are made from: two honest witnesses that differ in every input, and the means to lie in one place. */
export type Subject = {
  readonly circuit: Circuit
  readonly recomputation: Recomputation
  /** The one that is forged. */
  readonly honest: Honest
  readonly other: Honest
  /** What to call each wire of the plain circuit: unique, without the compiler's numbers. */
  readonly titles: readonly string[]
}

export type Honest = {
  /** By wire of the circuit that is proved. */
  readonly evaluated: EvaluatedWitness
  /** By wire of the plain circuit. */
  readonly signals: readonly bigint[]
}

/** Throws when one of the two does not satisfy the circuit. */
export async function loadSubject(circuit: Circuit, honest: WitnessInputs, other: WitnessInputs): Promise<Subject> {
  const recomputation = await loadRecomputation(`circuits/main/${circuit.name}.circom`, honest)
  const prove = async (inputs: WitnessInputs): Promise<Honest> => {
    const [witness, signals] = await Promise.all([circuit.prove(inputs), recomputation.forge(inputs)])
    if (circuit.system.firstViolated(witness) !== -1) throw new Error(`${circuit.name}: a witness is not honest`)
    return { evaluated: circuit.system.evaluate(witness), signals }
  }
  return {
    circuit,
    recomputation,
    honest: await prove(honest),
    other: await prove(other),
    titles: titlesOf(recomputation.circuit.names),
  }
}

/** `DayWithin_130_5561.Day_27_1065.in` is `DayWithin.Day.in`, and what the second such component has, `DayWithin#2.…`. */
function titlesOf(names: readonly string[]): string[] {
  const ordinals = new Map<string, Map<string, number>>()
  return names.map((name) => {
    const title: string[] = []
    for (const part of name.split('.')) {
      const [, plain = part, place = ''] = /^(.*?)_\d+_\d+((?:\[\d+\])*)$/.exec(part) ?? []
      const parent = `${title.join('.')}.${plain}${place}`
      const siblings = ordinals.get(parent) ?? new Map<string, number>()
      const ordinal = siblings.get(part) ?? siblings.size + 1
      ordinals.set(parent, siblings.set(part, ordinal))
      title.push(`${plain}${place}${ordinal > 1 ? `#${ordinal}` : ''}`)
    }
    return title.join('.')
  })
}
