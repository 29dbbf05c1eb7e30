import { modulo } from '../../constraint-system.ts'
import type { Forgery } from '../target.ts'
import { hintsOf } from './hints.ts'
import { realChanges } from './real-changes.ts'
import type { Subject } from './subject.ts'

/**
 * Coherent lies: one signal has another value than its definition gives, and all that follows from it is computed anew.
 * Whatever is checked after it holds or fails by that value; the definition itself must refuse. Of signals that the
 * compiler made one, one lie is left.
 *
 * @param about which computed signals, by title
 * @param once those that get one other value only, by title; the rest get another witness's too
 * @param free signals whose other values are the prover's to choose, by title
 */
export function* lies(
  subject: Subject,
  { about, once, free }: { about: RegExp; once?: RegExp; free?: RegExp },
): Generator<Forgery> {
  const { honest, other, titles } = subject
  const hinted = new Set([...hintsOf(subject.recomputation.circuit).values()].flat().map(({ wire }) => wire))
  const { provedAs } = subject.recomputation.circuit
  const isFree = (changes: ReadonlyMap<number, bigint>) =>
    [...changes.keys()].every((wire) => free?.test(titles[provedAs[wire] ?? -1] ?? ''))
  const known = new Set<string>()
  for (const wire of computedWires(subject)) {
    const title = titles[wire] ?? ''
    if (!about.test(title) || free?.test(title)) continue
    const value = honest.signals[wire] ?? 0n
    const theirs = other.signals[wire] ?? 0n
    // Of a bit there is one other value; a wire that carries none has its own forgeries.
    const values = new Map([[modulo(value === 1n && hinted.has(wire) ? 0n : value + 1n), 'is one off']])
    if (theirs !== value && !once?.test(title)) values.set(theirs, "is another witness's")
    for (const [told, how] of values) {
      for (const forgery of lie(subject, `${title} ${how}, and what follows it goes along`, new Map([[wire, told]]))) {
        if (!('changes' in forgery) || isFree(forgery.changes)) continue
        const key = `${[...forgery.changes].slice(0, 8).join()} of ${forgery.changes.size}`
        if (known.has(key)) continue
        known.add(key)
        yield forgery
      }
    }
  }
}

/** One lie; none where the compiler leaves no trace of it in what is proved. */
export function lie(
  { honest, recomputation }: Subject,
  name: string,
  told: ReadonlyMap<number, bigint>,
  refusedBy?: RegExp,
): Forgery[] {
  const followed = recomputation.proved(recomputation.follow(honest.signals, told))
  const changes = realChanges(honest.evaluated.witness, followed)
  return changes ? [{ name, of: honest.evaluated, changes, ...(refusedBy && { refusedBy }) }] : []
}

function computedWires({ recomputation }: Subject): number[] {
  const { outputs, publicInputs, privateInputs, wires } = recomputation.circuit.r1cs
  const first = 1 + outputs + publicInputs + privateInputs
  return Array.from({ length: wires - first }, (_, index) => first + index)
}
