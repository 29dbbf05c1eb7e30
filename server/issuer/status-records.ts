import { sql } from 'kysely'
import type { Records } from './issuer-database.ts'
import type { CredentialState } from './issuer-tables.ts'
import { StatusError } from './status-error.ts'

/** Hexadecimal digits by which an operator names a person: the first of the 64 in the records. */
export const PERSON_DIGITS = 16

/** A credential as the records have it: no claim is among them. Times are Unix seconds. */
export type CredentialRecord = {
  readonly revocationId: number
  /** {@link personHandle}. */
  readonly person: string
  readonly schema: string
  readonly issuedAt: number
  readonly state: CredentialState
  readonly reason: string | undefined
  readonly changedAt: number | undefined
}

/** Newest first. */
export async function listCredentials(
  records: Records,
  only: { readonly state?: CredentialState; readonly person?: Uint8Array } = {},
): Promise<CredentialRecord[]> {
  let query = records.selectFrom('credentials').selectAll()
  if (only.state) query = query.where('state', '=', only.state)
  if (only.person) query = query.where('person', '=', only.person)
  const rows = await query.orderBy('issued_at', 'desc').orderBy('revocation_id').execute()
  return rows.map((row) => ({
    revocationId: row.revocation_id,
    person: personHandle(row.person),
    schema: row.schema,
    issuedAt: row.issued_at,
    state: row.state,
    reason: row.reason ?? undefined,
    changedAt: row.changed_at ?? undefined,
  }))
}

/** How many credentials are in each state that occurs. */
export async function countCredentials(records: Records): Promise<{ state: CredentialState; count: number }[]> {
  return records
    .selectFrom('credentials')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute()
}

/** Every epoch there has been, newest first; `list` says whether its list can still be had. */
export async function listEpochs(records: Records) {
  return records
    .selectFrom('status_epochs')
    .select(['epoch', 'issuer', 'root', 'published_at', sql<number>`list is not null`.as('list')])
    .orderBy('epoch', 'desc')
    .execute()
}

/** The person whose name in the records begins with these digits. Throws `credential_unknown` for none, or several. */
export async function findPerson(records: Records, handle: string): Promise<Uint8Array> {
  const rows = await records
    .selectFrom('people')
    .select('person')
    .where(sql`lower(hex(person))`, 'like', `${handle}%`)
    .limit(2)
    .execute()
  const [row] = rows
  if (row && rows.length === 1) return row.person
  throw new StatusError('credential_unknown', `the records have ${row ? 'several people' : 'nobody'} of this name`)
}

/** By which an operator names a person: the first {@link PERSON_DIGITS} hexadecimal digits of the 32 bytes in the records. */
export function personHandle(person: Uint8Array): string {
  return Buffer.from(person).toString('hex').slice(0, PERSON_DIGITS)
}
