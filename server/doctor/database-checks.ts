import { existsSync } from 'node:fs'
import { loadSigningKey } from '../../sdk/server/signing-key.ts'
import { parseKeyRing, readKeyRing } from '../../sdk/server/signing-key-file.ts'
import { examineDatabase } from '../../sdk/server/store/examine-database.ts'
import { openStore } from '../../sdk/server/store/open-store.ts'
import type { Store } from '../../sdk/server/store/store.ts'
import { randomBytes } from '../../src/protocol/bytes.ts'
import { type Finding, fail, notLookedAt, ok, warn, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

/** Whether it can be reached, and has the tables of this version. */
export async function checkDatabase({ place }: Patient): Promise<Finding> {
  if (!place) return notLookedAt()
  const { store } = place
  const what = 'path' in store ? store.path : 'PostgreSQL'
  try {
    const { missing, unknown } = await examineDatabase(store)
    if (unknown.length > 0) {
      return fail(
        `${what}: a newer version changed the tables (${unknown.join(', ')})`,
        'run that version, or a newer one',
      )
    }
    if (missing.length === 0) return ok(`${what}: its tables are up to date`)
    return warn(
      `${what}: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} to come`,
      'the next start makes the tables; where older processes run on it, stop them first and keep a copy',
    )
  } catch (error) {
    return fail(`${what}: ${wordsOf(error)}`, 'see that it runs, and that TOUCHSTONE_DATABASE says where and as whom')
  }
}

/** Whether what was answered survives a power cut, as far as the settings go. */
export async function checkDurability(patient: Patient): Promise<Finding> {
  return withStore(patient, async (store) => {
    const { durable, settings } = await store.ledger.durability()
    const found = Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ')
    if (durable) return ok(found)
    return fail(
      found,
      'without fsync, full_page_writes and synchronous commits a power cut may free used names: set them',
    )
  })
}

/** A visit of nobody is written, read and ended. */
export async function checkWriting(patient: Patient): Promise<Finding> {
  return withStore(patient, async (store) => {
    const tokenHash = randomBytes(32)
    const results = JSON.stringify({})
    const createdAt = Date.now()
    const began = performance.now()
    await store.putVisit({ tokenHash, results, nameHmac: null, createdAt, expiresAt: createdAt + 60_000 })
    const milliseconds = Math.max(1, Math.round(performance.now() - began))
    const found = await store.findVisit(tokenHash, createdAt)
    await store.endVisit(tokenHash)
    if (found?.results === results) return ok(`written in ${milliseconds} ms, and read again`)
    return fail('what was written is not what is read', 'see whether reads go to a replica: they must not')
  })
}

const NEWEST_ROWS = 1_000

/** The newest rows of the audit log; `touchstone ledger verify` walks it whole. */
export async function checkAuditLog(patient: Patient): Promise<Finding> {
  return withStore(patient, async (store) => {
    const verdict = await store.ledger.verify({ newest: NEWEST_ROWS })
    if (verdict.valid) return ok(`the newest ${verdict.rows} rows are as they were written`)
    return fail(
      `row ${verdict.seq}: ${verdict.code}`,
      'the log was altered, or the signing key file is another one: keep a copy of both, and compare with a backup',
    )
  })
}

/**
 * Opens it only where nothing would be made or changed by that. An unusable database is told by {@link checkDatabase}, an
 * unusable key by its own checks.
 */
async function withStore({ place }: Patient, work: (store: Store) => Promise<Finding>): Promise<Finding> {
  if (!place) return notLookedAt()
  if (!hasKeys(place.signingKey)) return warn('not looked at', 'see the check "signing key"')
  const state = await examineDatabase(place.store).catch(() => undefined)
  if (!state || state.missing.length > 0 || state.unknown.length > 0) {
    return warn('not looked at', 'see the check "database"')
  }
  const { auditKey } = await loadSigningKey(place.signingKey, { clock: () => new Date() })
  // What is wrong with its log is told by the check of it.
  const store = await openStore(place.store, { auditKey, onError: () => {}, acceptOtherKey: true })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function hasKeys(signingKey: NonNullable<Patient['place']>['signingKey']): boolean {
  try {
    if ('json' in signingKey) return parseKeyRing(signingKey.json, 'TOUCHSTONE_SIGNING_KEY').keys.length > 0
    return existsSync(signingKey.path) && readKeyRing(signingKey.path) !== undefined
  } catch {
    return false
  }
}
