import type { Transaction } from 'kysely'
import { fieldToBytes } from '../../../src/protocol/field.ts'
import type { RefusalStatus } from '../../../src/verifier/status.ts'
import type { VerifiedAnswer } from '../../../src/verifier/verified-answer.ts'
import { releaseUnread } from './results.ts'
import { OPEN_STATES } from './sessions.ts'
import { type Acceptance, MAX_REFUSALS, type Refusal } from './store.ts'
import type { Tables } from './tables.ts'

/** Decides by what its own writes change, never by a state read before. Throws {@link Refused} to roll back. */
export async function accept(transaction: Transaction<Tables>, acceptance: Acceptance): Promise<void> {
  await consumeChallenge(transaction, acceptance)
  await releaseUnread(transaction, acceptance.now)
  for (const answer of acceptance.answers) {
    if (answer.type === 'login') await checkDevice(transaction, answer, acceptance.now)
    else if (answer.type !== 'credential') await holdName(transaction, answer.type, answer.nullifier, acceptance)
  }
  const { now, requestName, nameHmac } = acceptance
  await transaction
    .insertInto('audit')
    .values({ at: now, event: 'accepted', request_name: requestName, code: null, name_hmac: nameHmac })
    .execute()
}

/** Whether the refusal was the session's last. */
export async function recordRefusal(transaction: Transaction<Tables>, refusal: Refusal): Promise<boolean> {
  const { sessionId, requestName, code, now } = refusal
  const { numUpdatedRows } = await transaction
    .updateTable('sessions')
    .set((row) => ({ refusals: row('refusals', '+', 1) }))
    .where('id', '=', sessionId)
    .where('refusals', '<', MAX_REFUSALS)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return false
  const ended = await transaction
    .updateTable('sessions')
    .set({ state: 'CANCELLED' })
    .where('id', '=', sessionId)
    .where('state', 'in', OPEN_STATES)
    .where('refusals', '>=', MAX_REFUSALS)
    .executeTakeFirst()
  await transaction
    .insertInto('audit')
    .values({ at: now, event: 'refused', request_name: requestName, code, name_hmac: null })
    .execute()
  return ended.numUpdatedRows === 1n
}

/** Rolls the transaction back. */
export class Refused extends Error {
  readonly status: RefusalStatus

  constructor(status: RefusalStatus) {
    super(status)
    this.status = status
  }
}

async function consumeChallenge(transaction: Transaction<Tables>, acceptance: Acceptance): Promise<void> {
  const { sessionId, presentationDigest, codeHash, result, resultExpiresAt, now } = acceptance
  const { numUpdatedRows } = await transaction
    .updateTable('sessions')
    .set({
      state: 'DONE',
      presentation_digest: presentationDigest,
      code_hash: codeHash,
      result,
      result_expires_at: resultExpiresAt,
    })
    .where('id', '=', sessionId)
    .where('state', 'in', OPEN_STATES)
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

/**
 * Held, not used up: whoever agreed may have been sent the link of another's session, whose result no browser of theirs
 * can read. `takeResult` makes the name used for good; until then it is as taken as any, up to the end of the result.
 */
async function holdName(
  transaction: Transaction<Tables>,
  kind: 'action' | 'vote',
  nullifier: VerifiedAnswer['nullifier'],
  { sessionId, resultExpiresAt, now }: Acceptance,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('nullifiers')
    .values({
      kind,
      nullifier: fieldToBytes(nullifier),
      session_id: sessionId,
      used_at: now,
      held_until: resultExpiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) throw new Refused('NULLIFIER_USED')
}
