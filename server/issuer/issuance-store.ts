import { randomInt } from 'node:crypto'
import { type FieldElement, fieldToBytes } from '../../src/protocol/field.ts'
import { type Offer, parseOffer } from '../../src/protocol/issuance.ts'
import { revocationIdOf, STATUS_BITS, STATUS_LEAVES } from '../../src/protocol/status-list.ts'
import type { IssuerDatabase, Records } from './issuer-database.ts'
import { IssuerError } from './issuer-error.ts'
import type { EpochPublisher } from './status-epochs.ts'

/** An offer after its day: its claims are gone, and that it was there is forgotten. Seconds. */
const FORGET_OFFER_AFTER = 86_400

/** Draws of a random revocation identifier before giving up; of a list nine tenths full, 1.4 issuances in a million would. */
const MAX_DRAWS = 128

/** Offers, and who was issued what. Times are Unix seconds. */
export type IssuanceStore = {
  /** Also removes the claims of offers that have expired. */
  readonly addOffer: (offer: Offer, now: number) => Promise<void>
  /** The open offer. Throws `offer_unknown`, `offer_used`, `offer_expired`. */
  readonly openOffer: (id: string, now: number) => Promise<Offer>
  /**
   * One transaction: uses up the offer, requires the person's first issuer tag, records the new credential under a
   * random revocation identifier that no other has ever had, and ends the one it replaces, in an epoch of the status list
   * that says so. `sign` runs inside it, so an offer is never used without a credential. Throws `offer_used`,
   * `issuer_tag_mismatch`, `credential_suspended`.
   */
  readonly issue: <T>(issuance: Issuance, sign: (revocationId: number) => T) => Promise<T>
}

/** One credential about to be issued: the offer, and to whom. */
export type Issuance = {
  readonly offer: Offer
  /** 32 bytes that name a person to this issuer alone. */
  readonly person: Uint8Array
  /** Proved by the acceptance; one person has one. */
  readonly issuerTag: FieldElement
  /** Unix seconds. */
  readonly now: number
}

/** The store over an issuer's database; `publish` makes the epoch in which a superseded credential is no longer good. */
export function createIssuanceStore(database: IssuerDatabase, publish: EpochPublisher): IssuanceStore {
  return {
    addOffer: (offer, now) => database.transaction((records) => addOffer(records, offer, now)),
    openOffer: (id, now) => database.read((records) => openOffer(records, id, now)),
    issue: (issuance, sign) =>
      database.transaction(async (records) => {
        await useOffer(records, issuance)
        await requireSameTag(records, issuance)
        if (await supersede(records, issuance)) await publish(records, issuance.now)
        return sign(await recordCredential(records, issuance))
      }),
  }
}

async function addOffer(records: Records, offer: Offer, now: number): Promise<void> {
  await records.updateTable('offers').set({ offer: null }).where('expires', '<=', now).execute()
  await records
    .deleteFrom('offers')
    .where('expires', '<=', now - FORGET_OFFER_AFTER)
    .execute()
  const row = { id: offer.id, offer: JSON.stringify(offer), expires: offer.expires, used_at: null }
  await records.insertInto('offers').values(row).execute()
}

async function openOffer(records: Records, id: string, now: number): Promise<Offer> {
  const row = await records.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new IssuerError('offer_unknown')
  if (row.used_at !== null) throw new IssuerError('offer_used')
  if (row.expires <= now || row.offer === null) throw new IssuerError('offer_expired')
  return parseOffer(JSON.parse(row.offer))
}

async function useOffer(records: Records, { offer, now }: Issuance): Promise<void> {
  const used = await records
    .updateTable('offers')
    .set({ used_at: now, offer: null })
    .where('id', '=', offer.id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  if (used.numUpdatedRows !== 1n) throw new IssuerError('offer_used')
}

async function requireSameTag(records: Records, { person, issuerTag }: Issuance): Promise<void> {
  const tag = fieldToBytes(issuerTag)
  await records
    .insertInto('people')
    .values({ person, issuer_tag: tag })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const same = await records
    .updateTable('people')
    .set({ issuer_tag: tag })
    .where('person', '=', person)
    .where('issuer_tag', '=', tag)
    .executeTakeFirst()
  if (same.numUpdatedRows !== 1n) throw new IssuerError('issuer_tag_mismatch')
}

/** Ends the active credential, if there is one. A suspended one stays: a new one in its place would undo the suspension. */
async function supersede(records: Records, { offer, person, now }: Issuance): Promise<boolean> {
  const superseded = await records
    .updateTable('credentials')
    .set({ state: 'superseded', reason: 'issued again', changed_at: now })
    .where('person', '=', person)
    .where('schema', '=', offer.schema)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (superseded.numUpdatedRows > 0n) return true
  const suspended = await records
    .selectFrom('credentials')
    .select('revocation_id')
    .where('person', '=', person)
    .where('schema', '=', offer.schema)
    .where('state', '=', 'suspended')
    .executeTakeFirst()
  if (suspended) throw new IssuerError('credential_suspended')
  return false
}

async function recordCredential(records: Records, { offer, person, now }: Issuance): Promise<number> {
  const row = { person, schema: offer.schema, issued_at: now, state: 'active', reason: null, changed_at: null } as const
  for (let attempt = 0; attempt < MAX_DRAWS; attempt++) {
    const revocation_id = revocationIdOf(randomInt(STATUS_LEAVES), randomInt(STATUS_BITS))
    const inserted = await records
      .insertInto('credentials')
      .values({ ...row, revocation_id })
      .onConflict((conflict) => conflict.column('revocation_id').doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows === 1n) return revocation_id
  }
  throw new Error('no free revocation identifier was found: the list is nearly full')
}
