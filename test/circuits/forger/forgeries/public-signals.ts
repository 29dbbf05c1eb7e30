import { publicSignalCount } from '../../../../src/setup/r1cs.ts'
import { modulo } from '../../constraint-system.ts'
import type { Forgery } from '../target.ts'
import { realChanges } from './real-changes.ts'
import type { Honest, Subject } from './subject.ts'

const CHANGES: readonly { readonly title: string; readonly change: (value: bigint, other: bigint) => bigint }[] = [
  { title: 'is one more', change: (value) => value + 1n },
  { title: 'is one less', change: (value) => value - 1n },
  { title: 'has the other sign', change: (value) => -value },
  { title: 'is twice as much', change: (value) => 2n * value },
  { title: 'is 0', change: () => 0n },
  { title: 'is beyond 2^253', change: (value) => value + 2n ** 253n },
  { title: "is another session's", change: (_, other) => other },
]

/**
 * Public signals changed or swapped, while all else stays honest.
 *
 * @param alsoTrue names of changes after which the statement is true all the same
 */
export function* forgedPublicSignals(
  subject: Pick<Subject, 'circuit'> & Record<'honest' | 'other', Pick<Honest, 'evaluated'>>,
  alsoTrue: readonly string[] = [],
): Generator<Forgery> {
  const { circuit, honest, other } = subject
  const count = publicSignalCount(circuit.system.r1cs)
  const signals = Array.from({ length: count }, (_, index) => ({
    wire: index + 1,
    name: circuit.names[index + 1] ?? '',
    value: honest.evaluated.witness[index + 1] ?? 0n,
  }))
  const forgery = (name: string, told: ReadonlyMap<number, bigint>): Forgery[] => {
    const changes = alsoTrue.includes(name) ? undefined : realChanges(honest.evaluated.witness, told)
    return changes ? [{ name, of: honest.evaluated, changes }] : []
  }
  for (const { wire, name, value } of signals) {
    for (const { title, change } of CHANGES) {
      yield* forgery(`${name} ${title}`, new Map([[wire, modulo(change(value, other.evaluated.witness[wire] ?? 0n))]]))
    }
  }
  for (const [index, one] of signals.entries()) {
    for (const two of signals.slice(index + 1)) {
      const swapped = new Map([
        [one.wire, two.value],
        [two.wire, one.value],
      ])
      yield* forgery(`${one.name} and ${two.name} change places`, swapped)
    }
  }
}
