import type { Transaction } from 'kysely'
import { toBase64url } from '../../../src/protocol/bytes.ts'
import type { Work } from './batch.ts'
import { byKey, type Candidate } from './candidate.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { endVisitsOf } from './visits.ts'

/**
 * The first login under a name pins its authenticator; every later one must come with a pinned one. Of two first ones at
 * once, the unique place of the pin decides. Those candidates come back whose authenticator is not a pinned one.
 */
export async function checkPins(
  transaction: Transaction<Tables>,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const logins = new Map(
    candidates.flatMap(({ acceptance, logins }) => logins.map((login) => [login.key, { ...login, ...acceptance }])),
  )
  if (logins.size === 0) return []
  const rows = byKey([...logins.values()])
  await transaction
    .insertInto('device_tags')
    .values(
      rows.map(({ nullifier, deviceTag, now }) => ({ nullifier, device_tag: deviceTag, pinned_at: now, place: 0 })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const pinned = await transaction
    .selectFrom('device_tags')
    .select(['nullifier', 'device_tag'])
    .where(
      'nullifier',
      'in',
      rows.map(({ nullifier }) => nullifier),
    )
    .execute()
  const known = new Set(pinned.map(({ nullifier, device_tag }) => pinKey(nullifier, device_tag)))
  return candidates.filter((candidate) =>
    candidate.logins.some(({ nullifier, deviceTag }) => !known.has(pinKey(nullifier, deviceTag))),
  )
}

function pinKey(nullifier: Uint8Array, tag: Uint8Array): string {
  return `${toBase64url(nullifier)} ${toBase64url(tag)}`
}

type Forgetting = Parameters<Store['forgetName']>[0]

export const forgettingNames: Work<Forgetting, undefined> = {
  async run({ transaction, entries }, names) {
    const nullifiers = names.map(({ nullifier }) => nullifier)
    await transaction.deleteFrom('device_tags').where('nullifier', 'in', nullifiers).execute()
    await endVisitsOf(
      transaction,
      names.map(({ nameHmac }) => nameHmac),
    )
    for (const { nameHmac, now } of names) entries.push({ at: now, event: 'forgotten', name_hmac: nameHmac })
    return names.map(() => undefined)
  },
}
