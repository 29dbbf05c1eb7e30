import { randomInt } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import { STATUS_BITS, STATUS_LEAVES } from '../../src/protocol/credential.ts'
import { type FieldElement, fieldToBytes } from '../../src/protocol/field.ts'
import { type Offer, parseOffer } from '../../src/protocol/issuance.ts'
import { openSqlite, TransactionQueue } from '../sqlite.ts'
import { type IssuanceTables, migrations } from './issuance-tables.ts'
import { IssuerError } from './issuer-error.ts'

/** An offer after its day: its claims are gone, and that it was there is forgotten. Seconds. */
const FORGET_OFFER_AFTER = 86_400

/** Draws of a random status identifier before giving up; at nine tenths full, one in 10^5 issuances would. */
const MAX_DRAWS = 128

/** Offers, and who was issued what. Times are Unix seconds. */
export type IssuanceStore = {
  /** Also removes the claims of offers that have expired. */
  readonly addOffer: (offer: Offer, now: number) => Promise<void>
  /** The open offer. Throws `offer_unknown`, `offer_used`, `offer_expired`. */
  readonly openOffer: (id: string, now: number) => Promise<Offer>
  /**
   * One transaction: uses up the offer, requires the person's first issuer tag, ends the credential they had, and
   * records the new one under a random status identifier that no other credential has. `sign` runs inside it, so an
   * offer is never used without a credential. Throws `offer_used`, `issuer_tag_mismatch`.
   */
  readonly issue: <T>(issuance: Issuance, sign: (revocationId: number) => T) => Promise<T>
  readonly close: () => Promise<void>
}

export type Issuance = {
  readonly offer: Offer
  /** 32 bytes that name a person to this issuer alone. */
  readonly person: Uint8Array
  readonly issuerTag: FieldElement
  readonly now: number
}

/** `path` is the SQLite file, or `:memory:`. */
export async function openIssuanceStore(path: string): Promise<IssuanceStore> {
  const database = await openSqlite<IssuanceTables>(path, migrations)
  const queue = new TransactionQueue()
  return {
    addOffer: (offer, now) => queue.run(() => addOffer(database, offer, now)),
    openOffer: (id, now) => queue.run(() => openOffer(database, id, now)),
    issue: (issuance, sign) =>
      queue.run(() => database.transaction().execute((transaction) => issue(transaction, issuance, sign))),
    close: () => database.destroy(),
  }
}

async function addOffer(database: Kysely<IssuanceTables>, offer: Offer, now: number): Promise<void> {
  await database.updateTable('offers').set({ offer: null }).where('expires', '<=', now).execute()
  await database
    .deleteFrom('offers')
    .where('expires', '<=', now - FORGET_OFFER_AFTER)
    .execute()
  const row = { id: offer.id, offer: JSON.stringify(offer), expires: offer.expires, used_at: null }
  await database.insertInto('offers').values(row).execute()
}

async function openOffer(database: Kysely<IssuanceTables>, id: string, now: number): Promise<Offer> {
  const row = await database.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new IssuerError('offer_unknown')
  if (row.used_at !== null) throw new IssuerError('offer_used')
  if (row.expires <= now || row.offer === null) throw new IssuerError('offer_expired')
  return parseOffer(JSON.parse(row.offer))
}

async function issue<T>(
  transaction: Transaction<IssuanceTables>,
  { offer, person, issuerTag, now }: Issuance,
  sign: (revocationId: number) => T,
): Promise<T> {
  const used = await transaction
    .updateTable('offers')
    .set({ used_at: now, offer: null })
    .where('id', '=', offer.id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  if (used.numUpdatedRows !== 1n) throw new IssuerError('offer_used')

  const tag = fieldToBytes(issuerTag)
  await transaction
    .insertInto('people')
    .values({ person, issuer_tag: tag })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const same = await transaction
    .updateTable('people')
    .set({ issuer_tag: tag })
    .where('person', '=', person)
    .where('issuer_tag', '=', tag)
    .executeTakeFirst()
  if (same.numUpdatedRows !== 1n) throw new IssuerError('issuer_tag_mismatch')

  await transaction
    .updateTable('credentials')
    .set({ superseded_at: now })
    .where('person', '=', person)
    .where('schema', '=', offer.schema)
    .where('superseded_at', 'is', null)
    .execute()
  return sign(await recordCredential(transaction, { person, schema: offer.schema, issued_at: now }))
}

async function recordCredential(
  transaction: Transaction<IssuanceTables>,
  row: { person: Uint8Array; schema: string; issued_at: number },
): Promise<number> {
  for (let attempt = 0; attempt < MAX_DRAWS; attempt++) {
    const revocation_id = randomInt(STATUS_LEAVES) * 256 + randomInt(STATUS_BITS)
    const inserted = await transaction
      .insertInto('credentials')
      .values({ ...row, revocation_id, superseded_at: null })
      .onConflict((conflict) => conflict.column('revocation_id').doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows === 1n) return revocation_id
  }
  throw new Error('no free status identifier was found: the list is nearly full')
}
