import type { Transaction } from 'kysely'
import { byKey, type Candidate, nameKey } from './candidate.ts'
import type { Tables } from './tables.ts'

/**
 * Holds the once-only names of candidates, no two of whom need the same one. Held, not used up: whoever agreed may have
 * been sent the link of another's session, whose result no browser of theirs can read. Reading the result makes the name
 * used for good; until then it is as taken as any, up to the end of the result. A name whose time has run out is taken
 * over, and the result that it was held for can no longer be read.
 *
 * A name is unique among those of its kind. The scope (the site, and the act) is inside it: two acts never share one.
 * Those candidates come back that did not get all of their names.
 */
export async function holdNames(
  transaction: Transaction<Tables>,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const wanted = byKey(candidates.flatMap(({ acceptance, names }) => names.map((name) => ({ ...name, acceptance }))))
  if (wanted.length === 0) return []
  const got = await transaction
    .insertInto('nullifiers')
    .values(
      wanted.map(({ kind, nullifier, acceptance }) => ({
        kind,
        nullifier,
        session_id: acceptance.sessionId,
        used_at: acceptance.now,
        held_until: acceptance.resultExpiresAt,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'nullifier'])
        .doUpdateSet((row) => ({
          session_id: row.ref('excluded.session_id'),
          used_at: row.ref('excluded.used_at'),
          held_until: row.ref('excluded.held_until'),
        }))
        .whereRef('nullifiers.held_until', '<=', 'excluded.used_at'),
    )
    .returning(['kind', 'nullifier'])
    .execute()
  const keys = new Set(got.map(({ kind, nullifier }) => nameKey(kind, nullifier)))
  return candidates.filter(({ names }) => names.some(({ key }) => !keys.has(key)))
}
