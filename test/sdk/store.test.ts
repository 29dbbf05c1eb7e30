import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashBearer } from '../../sdk/server/cookie.ts'
import { type Acceptance, acceptPresentation, MAX_REFUSALS, recordRefusal } from '../../sdk/server/ledger.ts'
import {
  type Database,
  findSession,
  hasOpenSession,
  insertSession,
  openDatabase,
  sweep,
  takeResult,
} from '../../sdk/server/store.ts'
import { randomField } from '../../src/protocol/field.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import type { VerifiedAnswer } from '../../src/verifier/verified-answer.ts'
import { codeOfAsync } from '../expect-code.ts'

let directory: string
let path: string
let db: Database
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-store-'))
  path = join(directory, 'new', 'store.sqlite')
  db = await openDatabase(path)
})
afterEach(async () => {
  await db.destroy()
  rmSync(directory, { recursive: true })
})

const BROWSER = 'b'.repeat(43)

async function begin(id: string, expiresAt = 1000): Promise<void> {
  await insertSession(db, {
    id,
    requestName: 'signIn',
    browserHash: hashBearer(BROWSER),
    jws: 'jws',
    createdAt: 0,
    expiresAt,
  })
}

function login(nullifier = randomField(), deviceTag = randomField()): VerifiedAnswer {
  return { type: 'login', item: 'login', nullifier, deviceTag }
}

function act(nullifier = randomField(), type: 'action' | 'vote' = 'action'): VerifiedAnswer {
  return { type, item: 'act', nullifier, issuers: [parseOrigin('https://issuer.example')], schema: 's', disclosed: {} }
}

function acceptance(sessionId: string, answers: VerifiedAnswer[], changes: Partial<Acceptance> = {}): Acceptance {
  return {
    sessionId,
    requestName: 'signIn',
    answers,
    codeHash: hashBearer(`code of ${sessionId}`),
    result: '[]',
    resultExpiresAt: 5000,
    nameHmac: null,
    now: 10,
    ...changes,
  }
}

async function counts() {
  const count = async (table: 'nullifiers' | 'device_tags' | 'audit') =>
    (await db.selectFrom(table).select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()).n
  return { nullifiers: await count('nullifiers'), device_tags: await count('device_tags'), audit: await count('audit') }
}

describe('openDatabase', () => {
  it('makes a file for its owner alone, durable at each commit', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const pragma = async (name: string) => Object.values((await sql.raw(`pragma ${name}`).execute(db)).rows[0] ?? {})[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('busy_timeout')).toBe(5000)
  })

  it('finds everything again after a restart', async () => {
    await begin('session-1')
    expect(await acceptPresentation(db, acceptance('session-1', [act()]))).toBe('ACCEPTED')
    await db.destroy()
    db = await openDatabase(path)
    expect((await findSession(db, 'session-1'))?.state).toBe('DONE')
    expect((await counts()).nullifiers).toBe(1)
  })
})

describe('acceptPresentation', () => {
  it('accepts for a session that exists, once, in its time', async () => {
    await begin('session-1')
    expect(await acceptPresentation(db, acceptance('session-0', [login()]))).toBe('SESSION_EXPIRED')
    expect(await acceptPresentation(db, acceptance('session-1', [login()], { now: 1000 }))).toBe('SESSION_EXPIRED')
    expect(await acceptPresentation(db, acceptance('session-1', [login()], { now: 999 }))).toBe('ACCEPTED')
    expect(await acceptPresentation(db, acceptance('session-1', [login()]))).toBe('CHALLENGE_USED')
  })

  it('writes nothing of what it refuses', async () => {
    const nullifier = randomField()
    for (const id of ['session-1', 'session-2']) await begin(id)
    await acceptPresentation(db, acceptance('session-1', [act(nullifier)]))
    const before = await counts()
    const refused = acceptance('session-2', [login(), act(), act(nullifier)])
    expect(await acceptPresentation(db, refused)).toBe('NULLIFIER_USED')
    expect(await counts()).toEqual(before)
    expect((await findSession(db, 'session-2'))?.state).toBe('INITIALIZED')
  })

  it('keeps kinds apart', async () => {
    const nullifier = randomField()
    for (const id of ['session-1', 'session-2', 'session-3']) await begin(id)
    expect(await acceptPresentation(db, acceptance('session-1', [act(nullifier, 'action')]))).toBe('ACCEPTED')
    expect(await acceptPresentation(db, acceptance('session-2', [act(nullifier, 'vote')]))).toBe('ACCEPTED')
    expect(await acceptPresentation(db, acceptance('session-3', [act(nullifier, 'vote')]))).toBe('NULLIFIER_USED')
  })

  it('pins the first authenticator of each name', async () => {
    const [name, tag] = [randomField(), randomField()]
    for (let i = 1; i <= 4; i++) await begin(`session-${i}`)
    expect(await acceptPresentation(db, acceptance('session-1', [login(name, tag)]))).toBe('ACCEPTED')
    expect(await acceptPresentation(db, acceptance('session-2', [login(name, tag)]))).toBe('ACCEPTED')
    expect(await acceptPresentation(db, acceptance('session-3', [login(name)]))).toBe('DEVICE_UNKNOWN')
    expect(await acceptPresentation(db, acceptance('session-4', [login(randomField(), tag)]))).toBe('ACCEPTED')
  })

  it('accepts one of two that pin different authenticators at the same time', async () => {
    const name = randomField()
    for (const id of ['session-1', 'session-2']) await begin(id)
    const outcomes = await Promise.all(
      ['session-1', 'session-2'].map((id) => acceptPresentation(db, acceptance(id, [login(name)]))),
    )
    expect(outcomes.sort()).toEqual(['ACCEPTED', 'DEVICE_UNKNOWN'])
  })

  it('decides between connections: all but one find the challenge used', async () => {
    await begin('session-1')
    const other = await openDatabase(path)
    const outcomes = await Promise.all(
      [db, other, db, other].map((each) => acceptPresentation(each, acceptance('session-1', [login()]))),
    )
    await other.destroy()
    expect(outcomes.filter((outcome) => outcome === 'ACCEPTED')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'CHALLENGE_USED')).toHaveLength(3)
  })

  it('begins by taking the write lock, so that what it reads stays true', async () => {
    await begin('session-1')
    const writer = new DatabaseSync(path, { timeout: 0 })
    let blocked = ''
    await db.transaction().execute(async () => {
      try {
        writer.exec('begin immediate')
      } catch (error) {
        blocked = error instanceof Error ? error.message : ''
      }
    })
    writer.close()
    expect(blocked).toContain('locked')
  })
})

describe('a once-only name', () => {
  const accept = (id: string, answer: VerifiedAnswer, changes: Partial<Acceptance> = {}) =>
    acceptPresentation(db, acceptance(id, [answer], changes))
  const read = (id: string, now: number, browser = BROWSER) => takeResult(db, { code: `code of ${id}`, browser, now })
  /** Sessions that live for ever, as far as these tests go. */
  const LATE = { resultExpiresAt: 50_000 }

  beforeEach(async () => {
    for (const id of ['session-1', 'session-2', 'session-3']) await begin(id, 1_000_000)
  })

  it('is held until its result can no longer be read, then free', async () => {
    const answer = act()
    expect(await accept('session-1', answer)).toBe('ACCEPTED')
    expect(await accept('session-2', answer, { ...LATE, now: 4999 })).toBe('NULLIFIER_USED')
    expect(await accept('session-2', answer, { ...LATE, now: 5000 })).toBe('ACCEPTED')
    expect(await accept('session-3', answer, { ...LATE, now: 5001 })).toBe('NULLIFIER_USED')
  })

  it('is used up by the browser that began the session, for good', async () => {
    const answer = act()
    await accept('session-1', answer)
    await read('session-1', 4999)
    expect(await accept('session-2', answer, { ...LATE, now: 5000 })).toBe('NULLIFIER_USED')
    await sweep(db, 100 * 86_400_000)
    await begin('session-4', 200 * 86_400_000)
    expect(await accept('session-4', answer, { now: 100 * 86_400_000 })).toBe('NULLIFIER_USED')
  })

  it('is not used up by another browser', async () => {
    const answer = act()
    await accept('session-1', answer)
    expect(await codeOfAsync(read('session-1', 4999, 'c'.repeat(43)))).toBe('result_wrong_browser')
    expect(await accept('session-2', answer, { ...LATE, now: 5000 })).toBe('ACCEPTED')
  })

  it('that was freed takes its result along, whatever another process’s clock says', async () => {
    const answer = act()
    await accept('session-1', answer)
    await accept('session-2', answer, { ...LATE, now: 5000 })
    expect(await codeOfAsync(read('session-1', 4999))).toBe('result_unknown')
    expect(await read('session-2', 5001)).toMatchObject({ result: '[]' })
    expect(await accept('session-3', answer, { now: 50_000 })).toBe('NULLIFIER_USED')
  })

  it('stays held where the presentation that would have freed it is refused', async () => {
    const [answer, used] = [act(), act()]
    await accept('session-1', answer)
    await accept('session-2', used)
    await read('session-2', 20)
    const refused = acceptance('session-3', [answer, used], { ...LATE, now: 5000 })
    expect(await acceptPresentation(db, refused)).toBe('NULLIFIER_USED')
    expect(await read('session-1', 4999)).toMatchObject({ result: '[]' })
  })

  it('is freed by the sweep as well', async () => {
    await accept('session-1', act())
    await sweep(db, 4999)
    expect((await counts()).nullifiers).toBe(1)
    await sweep(db, 5000)
    expect((await counts()).nullifiers).toBe(0)
  })
})

describe('recordRefusal', () => {
  const refuse = (now = 10) =>
    recordRefusal(db, { sessionId: 'session-1', requestName: 'signIn', code: 'proof_invalid', now })

  it('ends the session with the last refusal that it may have', async () => {
    await begin('session-1')
    for (let i = 1; i < MAX_REFUSALS; i++) await refuse()
    expect((await findSession(db, 'session-1'))?.state).toBe('INITIALIZED')
    await refuse()
    expect((await findSession(db, 'session-1'))?.state).toBe('CANCELLED')
    expect(await acceptPresentation(db, acceptance('session-1', [login()]))).toBe('SESSION_CANCELLED')
  })

  it('leaves a session that was answered as it is', async () => {
    await begin('session-1')
    await acceptPresentation(db, acceptance('session-1', [login()]))
    for (let i = 0; i < MAX_REFUSALS; i++) await refuse()
    expect((await findSession(db, 'session-1'))?.state).toBe('DONE')
  })

  it('writes down as many and no more', async () => {
    await begin('session-1')
    for (let i = 0; i < MAX_REFUSALS + 3; i++) await refuse()
    expect((await counts()).audit).toBe(MAX_REFUSALS)
  })

  it('is itself forgotten after 90 days', async () => {
    await begin('session-1')
    await refuse(10)
    await sweep(db, 10 + 90 * 86_400_000 - 1)
    expect((await counts()).audit).toBe(1)
    await sweep(db, 10 + 90 * 86_400_000)
    expect((await counts()).audit).toBe(0)
  })
})

describe('hasOpenSession', () => {
  it('asks by an index', async () => {
    const statements: string[] = []
    const logged = db.withPlugin({
      transformQuery: ({ node, queryId }) => {
        statements.push(db.getExecutor().compileQuery(node, queryId).sql)
        return node
      },
      transformResult: async ({ result }) => result,
    })
    await hasOpenSession(logged, hashBearer(BROWSER), 0)
    const reader = new DatabaseSync(path, { readOnly: true })
    const plan = statements.flatMap((statement) => reader.prepare(`explain query plan ${statement}`).all())
    reader.close()
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('sessions_browser_hash')])
  })
})

describe('sweep', () => {
  it('drops results that nobody fetched, then the sessions', async () => {
    await begin('session-1')
    await acceptPresentation(db, acceptance('session-1', [login()]))
    const code = 'code of session-1'
    await sweep(db, 4999)
    expect(await codeOfAsync(takeResult(db, { code, browser: undefined, now: 0 }))).toBe('result_wrong_browser')
    await sweep(db, 5000)
    expect(await codeOfAsync(takeResult(db, { code, browser: BROWSER, now: 0 }))).toBe('result_unknown')
    await sweep(db, 1000 + 86_400_000 - 1)
    expect(await findSession(db, 'session-1')).toBeDefined()
    await sweep(db, 1000 + 86_400_000)
    expect(await findSession(db, 'session-1')).toBeUndefined()
  })
})
