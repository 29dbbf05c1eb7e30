import type { Transaction } from 'kysely'
import { fieldToBytes } from '../../src/protocol/field.ts'
import type { RefusalStatus } from '../../src/verifier/status.ts'
import type { VerifiedAnswer } from '../../src/verifier/verified-answer.ts'
import type { Database } from './store.ts'
import type { Tables } from './tables.ts'

export type Acceptance = {
  readonly sessionId: string
  readonly requestName: string
  readonly answers: readonly VerifiedAnswer[]
  readonly codeHash: Uint8Array
  /** JSON for whoever brings the code. */
  readonly result: string
  readonly resultExpiresAt: number
  readonly nameHmac: Uint8Array | null
  readonly now: number
}

/**
 * Accepts a presentation whose proofs have been checked, in one transaction or not at all: consumes the session's
 * challenge, pins or checks the authenticator, uses up once-only names, writes result and audit row. It decides by
 * what its own writes change, never by a state read before.
 */
export async function acceptPresentation(db: Database, acceptance: Acceptance): Promise<'ACCEPTED' | RefusalStatus> {
  try {
    await db.transaction().execute(async (transaction) => {
      await consumeChallenge(transaction, acceptance)
      for (const answer of acceptance.answers) {
        if (answer.type === 'login') await checkDevice(transaction, answer, acceptance.now)
        else if (answer.type !== 'credential') await consumeName(transaction, answer.type, answer.nullifier, acceptance)
      }
      await transaction
        .insertInto('audit')
        .values(auditRow(acceptance, { event: 'accepted', code: null, name_hmac: acceptance.nameHmac }))
        .execute()
    })
    return 'ACCEPTED'
  } catch (error) {
    if (error instanceof Refused) return error.status
    throw error
  }
}

/** Writes that a well-formed presentation was refused, and by which code. */
export async function recordRefusal(
  db: Database,
  refusal: { requestName: string; code: string; now: number },
): Promise<void> {
  const row = auditRow(refusal, { event: 'refused', code: refusal.code, name_hmac: null })
  await db.transaction().execute((transaction) => transaction.insertInto('audit').values(row).execute())
}

/** Rolls the transaction back. */
class Refused extends Error {
  readonly status: RefusalStatus

  constructor(status: RefusalStatus) {
    super(status)
    this.status = status
  }
}

async function consumeChallenge(transaction: Transaction<Tables>, acceptance: Acceptance): Promise<void> {
  const { sessionId, codeHash, result, resultExpiresAt, now } = acceptance
  const { numUpdatedRows } = await transaction
    .updateTable('sessions')
    .set({ state: 'DONE', code_hash: codeHash, result, result_expires_at: resultExpiresAt })
    .where('id', '=', sessionId)
    .where('state', '=', 'INITIALIZED')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (numUpdatedRows === 1n) return
  // Only to say why; the update has decided.
  const session = await transaction
    .selectFrom('sessions')
    .select('state')
    .where('id', '=', sessionId)
    .executeTakeFirst()
  if (session?.state === 'DONE') throw new Refused('CHALLENGE_USED')
  throw new Refused(session?.state === 'CANCELLED' ? 'SESSION_CANCELLED' : 'SESSION_EXPIRED')
}

/** The first login under a name pins its authenticator; every later one must come with a pinned one. */
async function checkDevice(
  transaction: Transaction<Tables>,
  { nullifier, deviceTag }: Extract<VerifiedAnswer, { type: 'login' }>,
  now: number,
): Promise<void> {
  const name = fieldToBytes(nullifier)
  const tag = fieldToBytes(deviceTag)
  const pinned = await transaction
    .selectFrom('device_tags')
    .select('device_tag')
    .where('nullifier', '=', name)
    .execute()
  if (pinned.length === 0) {
    await transaction.insertInto('device_tags').values({ nullifier: name, device_tag: tag, pinned_at: now }).execute()
  } else if (!pinned.some(({ device_tag }) => Buffer.from(device_tag).equals(tag))) {
    throw new Refused('DEVICE_UNKNOWN')
  }
}

async function consumeName(
  transaction: Transaction<Tables>,
  kind: 'action' | 'vote',
  nullifier: VerifiedAnswer['nullifier'],
  { sessionId, now }: Acceptance,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('nullifiers')
    .values({ kind, nullifier: fieldToBytes(nullifier), session_id: sessionId, used_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) throw new Refused('NULLIFIER_USED')
}

function auditRow(
  { now, requestName }: { now: number; requestName: string },
  row: Pick<Tables['audit'], 'event' | 'code' | 'name_hmac'>,
) {
  return { at: now, request_name: requestName, ...row }
}
