import { compilePredicates, MODES, type Predicate } from '../protocol/predicate.ts'
import type { Schema } from '../protocol/schema.ts'

const LAST = 2n ** 64n - 1n

/**
 * Names of the claims whose value follows from these predicates all holding: disclosed; equal to something asked; a
 * boolean asked about at all; bounds that leave one value. Such a claim must not be listed as kept back.
 */
export function revealedClaims(schema: Schema, predicates: readonly Predicate[]): Set<string> {
  const revealed = new Set<string>()
  for (const { name, type } of schema.claims) {
    const own = predicates.filter(({ claim }) => claim === name)
    let [low, high] = [0n, LAST]
    for (const predicate of own) {
      const [compiled] = compilePredicates(schema, [predicate])
      if (!compiled) continue
      if (compiled.mode === MODES.DISCLOSE) revealed.add(name)
      if (compiled.mode === MODES.EQUAL && (!compiled.negate || type === 'boolean')) revealed.add(name)
      if (compiled.mode !== MODES.RANGE) continue
      const bounds = boundsOf(compiled)
      if (bounds.low > low) low = bounds.low
      if (bounds.high < high) high = bounds.high
    }
    if (low >= high) revealed.add(name)
  }
  return revealed
}

/** What a range leaves open. A negated range with both ends inside leaves two pieces and bounds nothing. */
function boundsOf({ low, high, negate }: { low: bigint; high: bigint; negate: boolean }): {
  low: bigint
  high: bigint
} {
  if (!negate) return { low, high }
  if (low === 0n) return { low: high + 1n, high: LAST }
  if (high === LAST) return { low: 0n, high: low - 1n }
  return { low: 0n, high: LAST }
}
