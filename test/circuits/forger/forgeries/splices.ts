import type { Forgery } from '../target.ts'
import { realChanges } from './real-changes.ts'
import type { Subject } from './subject.ts'

/**
 * One part of the circuit from one honest witness, all else from another. Each part is coherent in itself, so only what
 * wires the parts together can refuse it.
 *
 * @param depth how far down a component counts as a part of its own: 1 is the components of the main template
 * @param free what may come from elsewhere, for it is the prover's to choose
 */
export function* splices(subject: Subject, { depth, free }: { depth: number; free?: RegExp }): Generator<Forgery> {
  const { honest, other } = subject
  for (const [part, wires] of partsOf(subject, depth)) {
    if (free?.test(part)) continue
    for (const [into, from, title] of [
      [honest, other, `${part} of another's witness`],
      [other, honest, `all but ${part} of another's witness`],
    ] as const) {
      const taken = wires.map((wire) => [wire, from.evaluated.witness[wire] ?? 0n] as const)
      const changes = realChanges(into.evaluated.witness, taken)
      if (changes) yield { name: title, of: into.evaluated, changes }
    }
  }
}

/** Wires by component, with all inside it, and by signal of the main template, an array whole. */
function partsOf({ titles, recomputation }: Subject, depth: number): Map<string, number[]> {
  const parts = new Map<string, number[]>()
  for (const [wire, plain] of recomputation.circuit.provedAs.entries()) {
    if (wire === 0) continue
    const path = (titles[plain] ?? '').split('.')
    const signal = path.pop() ?? ''
    const holding = path.slice(0, depth).map((_, level) => path.slice(0, level + 1).join('.'))
    for (const part of path.length === 0 ? [signal.replace(/(\[\d+\])+$/, '')] : holding) {
      parts.set(part, [...(parts.get(part) ?? []), wire])
    }
  }
  return withoutRepetition(parts)
}

/** A component that holds no more than one inside it is not another part. */
function withoutRepetition(parts: ReadonlyMap<string, number[]>): Map<string, number[]> {
  const seen = new Set<string>()
  return new Map(
    [...parts].filter(([, wires]) => {
      const key = wires.join()
      return !seen.has(key) && seen.add(key)
    }),
  )
}
