import { randomBytes as random } from 'node:crypto'
import { join } from 'node:path'
import { createIssuanceStore, type IssuanceStore } from '../../server/issuer/issuance-store.ts'
import { type IssuerDatabase, openIssuerDatabase } from '../../server/issuer/issuer-database.ts'
import { loadSigningKeys } from '../../server/issuer/signing-key.ts'
import { createEpochPublisher } from '../../server/issuer/status-epochs.ts'
import { loadStatusKey, type StatusKey } from '../../server/issuer/status-key.ts'
import { DATABASE_FILE, KEYS_FOLDER } from '../../server/issuer/status-office.ts'
import { createStatusStore, type StatusStore } from '../../server/issuer/status-store.ts'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { toDay } from '../../src/protocol/day.ts'
import { type FieldElement, randomField } from '../../src/protocol/field.ts'
import type { Offer } from '../../src/protocol/issuance.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { parseStatusHistory, type StatusHistory, serializeStatusHistory } from '../../src/protocol/status-history.ts'

/** An issuer's records in a folder, without the pages and the proofs. */
export type IssuerRecords = {
  readonly database: IssuerDatabase
  readonly issuance: IssuanceStore
  readonly status: StatusStore
  readonly key: StatusKey
  /** What it signs credentials with. */
  readonly keys: readonly IssuerKey[]
  /** The served history, checked as a wallet checks it. */
  readonly history: (now: number) => Promise<StatusHistory>
  /** A credential for this person; gives its revocation identifier. */
  readonly issue: (now: number, holder?: { person: Uint8Array; issuerTag: FieldElement }) => Promise<number>
}

export const ORIGIN = parseOrigin('http://issuer.localhost:4401')

export async function openRecords(directory: string, origin = ORIGIN): Promise<IssuerRecords> {
  const key = await loadStatusKey(join(directory, KEYS_FOLDER))
  const { published } = loadSigningKeys({ directory: join(directory, KEYS_FOLDER), now: new Date('2026-11-20') })
  const database = await openIssuerDatabase(join(directory, DATABASE_FILE))
  const publish = createEpochPublisher({ origin, key })
  const issuance = createIssuanceStore(database, publish)
  const status = createStatusStore({ database, publish, source: { origin, key } })
  return {
    database,
    issuance,
    status,
    key,
    keys: published,
    history: async (now) =>
      parseStatusHistory(serializeStatusHistory(await status.history(now)), { origin, statusKeys: [key.published] }),
    issue: async (now, holder = makePerson()) => {
      const offer = makeOffer(now)
      await issuance.addOffer(offer, now)
      return issuance.issue({ offer, ...holder, now }, (revocationId) => revocationId)
    },
  }
}

/** Somebody, as the records know them. */
export function makePerson() {
  return { person: new Uint8Array(random(32)), issuerTag: randomField() }
}

export function makeOffer(now: number): Offer {
  return {
    version: 1,
    id: toBase64url(randomBytes(16)),
    issuer: ORIGIN,
    schema: toBase64url(new Uint8Array(32).fill(7)),
    claims: { givenName: 'Robin' },
    validFrom: toDay(46_000),
    validUntil: toDay(46_700),
    nonce: toBase64url(randomBytes(32)),
    expires: now + 600,
    keySet: toBase64url(new Uint8Array(32).fill(9)),
  }
}
