import { sql } from 'kysely'
import type { Records } from './issuer-database.ts'
import type { CredentialState } from './issuer-tables.ts'
import { StatusError } from './status-error.ts'

/** What an operator may do to credentials. Revoking is for good; suspending can be undone by reinstating. */
export type StatusAction = 'revoke' | 'suspend' | 'reinstate'

/** One act of an operator: what is done, to which credentials, and why. */
export type StatusChange = {
  readonly action: StatusAction
  /** Some revocation identifiers, or a person (the 32 bytes of the records): then each credential it can be done to. */
  readonly target: { readonly credentials: readonly number[] } | { readonly person: Uint8Array }
  /** For the records; not published. */
  readonly reason: string
  /** Unix seconds. */
  readonly now: number
}

const TRANSITIONS: Readonly<Record<StatusAction, { from: readonly CredentialState[]; to: CredentialState }>> = {
  revoke: { from: ['active', 'suspended'], to: 'revoked' },
  suspend: { from: ['active'], to: 'suspended' },
  reinstate: { from: ['suspended'], to: 'active' },
}

/**
 * Changes all of them or none, and gives their revocation identifiers in ascending order. Throws {@link StatusError}
 * `credential_unknown`, `status_change_refused`.
 */
export async function changeStatus(records: Records, change: StatusChange): Promise<number[]> {
  const { action, target, reason, now } = change
  const { to } = TRANSITIONS[action]
  const ids = 'person' in target ? await ofPerson(records, action, target.person) : target.credentials
  const rows = await records
    .selectFrom('credentials')
    .select(['revocation_id', 'state'])
    .where('revocation_id', 'in', sql<number>`(select value from json_each(${JSON.stringify(ids)}))`)
    .orderBy('revocation_id')
    .execute()
  const known = new Set(rows.map(({ revocation_id }) => revocation_id))
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined || rows.length === 0) {
    throw new StatusError('credential_unknown', `there is no credential ${unknown ?? ''}`.trim())
  }
  const refused = rows.find(({ state }) => !TRANSITIONS[action].from.includes(state))
  if (refused) throw new StatusError('status_change_refused', whyRefused(refused.revocation_id, refused.state, action))
  await records
    .updateTable('credentials')
    .set({ state: to, reason, changed_at: now })
    .where('revocation_id', 'in', sql<number>`(select value from json_each(${JSON.stringify(ids)}))`)
    .execute()
  return rows.map(({ revocation_id }) => revocation_id)
}

async function ofPerson(records: Records, action: StatusAction, person: Uint8Array): Promise<number[]> {
  const rows = await records
    .selectFrom('credentials')
    .select(['revocation_id', 'state'])
    .where('person', '=', person)
    .execute()
  if (rows.length === 0) throw new StatusError('credential_unknown', 'there is no credential of this person')
  const ids = rows.filter(({ state }) => TRANSITIONS[action].from.includes(state)).map((row) => row.revocation_id)
  if (ids.length > 0) return ids
  throw new StatusError('status_change_refused', `this person has no credential to ${action}`)
}

function whyRefused(id: number, state: CredentialState, action: StatusAction): string {
  if (state === 'revoked' || state === 'superseded') return `credential ${id} is ${state}, which is final`
  return `credential ${id} is ${state}: there is nothing to ${action}`
}
