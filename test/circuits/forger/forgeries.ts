import type { Circuit } from '../circuit.ts'
import type { Forgery } from './target.ts'

/** Attacks of one kind, and what came of them. */
export type Attacks = {
  readonly tried: number
  /** Refused, and by what should refuse them. */
  readonly rejected: number
  /** One line for each that was not; empty when all is well. */
  readonly failures: readonly string[]
}

/** Holds each false witness against the constraints, with no program of the compiler's between. */
export async function tryForgeries(circuit: Circuit, forgeries: AsyncIterable<Forgery>): Promise<Attacks> {
  const names = new Set<string>()
  const failures: string[] = []
  for await (const forgery of forgeries) {
    const complaint = names.has(forgery.name) ? 'the name is another’s' : acceptance(circuit, forgery)
    names.add(forgery.name)
    if (complaint !== undefined) failures.push(`${forgery.name}: ${complaint}`)
  }
  const tried = names.size
  return { tried, rejected: Math.max(0, tried - failures.length), failures }
}

/** What is wrong with the refusal of a forged witness; undefined when it is refused as it should be. */
function acceptance(circuit: Circuit, forgery: Forgery): string | undefined {
  const { refusedBy } = forgery
  const broken =
    'changes' in forgery
      ? circuit.system.brokenBy(forgery.of, forgery.changes)
      : circuit.system.violated(forgery.witness)
  if (broken.length === 0) return 'accepted'
  if (!refusedBy) return undefined
  for (const row of broken) {
    const signals = circuit.system.wiresOf(row).map((wire) => circuit.names[wire] ?? '')
    if (!signals.some((signal) => refusedBy.test(signal))) {
      return `refused, but not by ${refusedBy}: a constraint of ${signals.filter(Boolean).slice(0, 3).join(', ')}`
    }
  }
  return undefined
}
