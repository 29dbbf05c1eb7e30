import type { Circuit } from '../circuit.ts'
import { mutateWires } from './mutate.ts'
import type { ForgeTarget, Reviewed } from './target.ts'
import { undeterminedWires } from './uniqueness.ts'

/** What is found by looking at single wires of many honest witnesses. */
export type WireSurvey = {
  readonly wires: number
  readonly constraints: number
  readonly witnesses: number
  /** Witnesses with one changed wire. */
  readonly mutants: number
  readonly survivors: readonly FreeWire[]
  readonly undetermined: readonly FreeWire[]
  /** One line for each free wire without a reviewed reason, and for each reason that explains no wire. */
  readonly unexplained: readonly string[]
}

export type FreeWire = {
  readonly signal: string
  /** The number of witnesses at which it is free. */
  readonly witnesses: number
  /** Why that is harmless; absent where nobody has said so. */
  readonly reason?: string
}

export type SurveyOptions = {
  seed: number
  witnesses?: number
  /**
   * Say also which inputs can change alone. Another input is another statement, which may be as true; of a circuit that
   * is known one wants to know of each why.
   */
  inputsToo?: boolean
}

/** Honest witnesses in one survey. */
export const WITNESSES = 20

/**
 * Mutation and uniqueness over {@link WITNESSES} honest witnesses: the target's seed 0, and others that depend on
 * `seed`.
 *
 * @throws ProverError or Error when the target's own inputs do not satisfy the circuit
 */
export async function surveyWires(
  target: ForgeTarget,
  { seed, witnesses = WITNESSES, inputsToo = true }: SurveyOptions,
): Promise<WireSurvey> {
  const circuit = await target.load()
  const passedOver = new Set(inputsToo ? [] : circuit.system.inputs)
  const survivors = new Map<number, number>()
  const undetermined = new Map<number, number>()
  let mutants = 0
  for (const witnessSeed of seedsOf(seed, witnesses)) {
    const witness = await circuit.prove(target.inputs(witnessSeed))
    const broken = circuit.system.firstViolated(witness)
    if (broken !== -1) throw new Error(`${target.name}: the honest witness ${witnessSeed} breaks constraint ${broken}`)
    const evaluated = circuit.system.evaluate(witness)
    const mutated = mutateWires(circuit.system, evaluated)
    mutants += mutated.tried
    count(
      survivors,
      mutated.survivors.filter((wire) => !passedOver.has(wire)),
    )
    count(undetermined, undeterminedWires(circuit.system, evaluated))
  }
  const changed = review(circuit, survivors, target.survivors)
  const free = review(circuit, undetermined, target.undetermined)
  return {
    wires: circuit.system.r1cs.wires,
    constraints: circuit.system.r1cs.rows,
    witnesses,
    mutants,
    survivors: changed.found,
    undetermined: free.found,
    unexplained: [
      ...changed.unexplained.map((signal) => `${signal} can change alone`),
      ...free.unexplained.map((signal) => `${signal} is not determined by the inputs`),
      ...changed.unused.map(({ signal }) => `no wire like ${signal} can change alone any more`),
      ...free.unused.map(({ signal }) => `every wire like ${signal} is determined now`),
    ],
  }
}

/** Seed 0, then seeds that no other run has. */
export function seedsOf(seed: number, witnesses: number): number[] {
  return Array.from({ length: witnesses }, (_, index) => (index === 0 ? 0 : seed * (witnesses - 1) + index))
}

function count(counts: Map<number, number>, wires: readonly number[]): void {
  for (const wire of wires) counts.set(wire, (counts.get(wire) ?? 0) + 1)
}

function review(
  circuit: Circuit,
  free: ReadonlyMap<number, number>,
  reviewed: readonly Reviewed[],
): { found: FreeWire[]; unexplained: string[]; unused: Reviewed[] } {
  const used = new Set<Reviewed>()
  const found = [...free].map(([wire, witnesses]): FreeWire => {
    const signal = circuit.names[wire] || `wire ${wire}`
    const entry = reviewed.find((candidate) => candidate.signal.test(signal))
    if (!entry) return { signal, witnesses }
    used.add(entry)
    return { signal, witnesses, reason: entry.reason }
  })
  return {
    found,
    unexplained: found.filter(({ reason }) => reason === undefined).map(({ signal }) => signal),
    unused: reviewed.filter((entry) => !used.has(entry)),
  }
}
