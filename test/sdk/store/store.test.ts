import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashBearer } from '../../../sdk/server/cookie.ts'
import { openStore } from '../../../sdk/server/store/open-store.ts'
import { type Acceptance, MAX_REFUSALS, type Store } from '../../../sdk/server/store/store.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { parseOrigin } from '../../../src/protocol/origin.ts'
import type { VerifiedAnswer } from '../../../src/verifier/verified-answer.ts'
import { codeOfAsync } from '../../expect-code.ts'

let directory: string
let path: string
let store: Store
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-store-'))
  path = join(directory, 'new', 'store.sqlite')
  store = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true })
})

const open = () => openStore({ path }, { auditKey: new Uint8Array(32).fill(7), onError: () => {} })

const BROWSER = 'b'.repeat(43)

async function begin(id: string, expiresAt = 1000): Promise<void> {
  await store.insertSession({
    id,
    requestName: 'signIn',
    browserHash: hashBearer(BROWSER),
    jws: 'jws',
    transport: 'window',
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
    presentationDigest: hashBearer(`presentation of ${sessionId}`),
    codeHash: hashBearer(`code of ${sessionId}`),
    result: '[]',
    resultExpiresAt: 5000,
    nameHmac: null,
    now: 10,
    ...changes,
  }
}

/** Past the store: what the tables hold. */
function query(statement: string) {
  const reader = new DatabaseSync(path, { readOnly: true })
  try {
    return reader.prepare(statement).all()
  } finally {
    reader.close()
  }
}

function counts() {
  const count = (table: string) => Number(query(`select count(*) as n from ${table}`)[0]?.n)
  return { nullifiers: count('nullifiers'), device_tags: count('device_tags'), audit: count('audit') }
}

describe('openStore', () => {
  it('makes a file for its owner alone, durable at each commit', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(query('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
  })

  it('finds everything again after a restart', async () => {
    await begin('session-1')
    expect(await store.accept(acceptance('session-1', [act()]))).toBe('ACCEPTED')
    await store.close()
    store = await open()
    expect((await store.findSession('session-1'))?.state).toBe('DONE')
    expect(counts().nullifiers).toBe(1)
  })
})

describe('accept', () => {
  it('accepts for a session that exists, once, in its time', async () => {
    await begin('session-1')
    expect(await store.accept(acceptance('session-0', [login()]))).toBe('SESSION_EXPIRED')
    expect(await store.accept(acceptance('session-1', [login()], { now: 1000 }))).toBe('SESSION_EXPIRED')
    expect(await store.accept(acceptance('session-1', [login()], { now: 999 }))).toBe('ACCEPTED')
    expect(await store.accept(acceptance('session-1', [login()]))).toBe('CHALLENGE_USED')
  })

  it('writes nothing of what it refuses', async () => {
    const nullifier = randomField()
    for (const id of ['session-1', 'session-2']) await begin(id)
    await store.accept(acceptance('session-1', [act(nullifier)]))
    const before = counts()
    const refused = acceptance('session-2', [login(), act(), act(nullifier)])
    expect(await store.accept(refused)).toBe('NULLIFIER_USED')
    expect(counts()).toEqual(before)
    expect((await store.findSession('session-2'))?.state).toBe('INITIALIZED')
  })

  it('keeps kinds apart', async () => {
    const nullifier = randomField()
    for (const id of ['session-1', 'session-2', 'session-3']) await begin(id)
    expect(await store.accept(acceptance('session-1', [act(nullifier, 'action')]))).toBe('ACCEPTED')
    expect(await store.accept(acceptance('session-2', [act(nullifier, 'vote')]))).toBe('ACCEPTED')
    expect(await store.accept(acceptance('session-3', [act(nullifier, 'vote')]))).toBe('NULLIFIER_USED')
  })

  it('pins the first authenticator of each name', async () => {
    const [name, tag] = [randomField(), randomField()]
    for (let i = 1; i <= 4; i++) await begin(`session-${i}`)
    expect(await store.accept(acceptance('session-1', [login(name, tag)]))).toBe('ACCEPTED')
    expect(await store.accept(acceptance('session-2', [login(name, tag)]))).toBe('ACCEPTED')
    expect(await store.accept(acceptance('session-3', [login(name)]))).toBe('DEVICE_UNKNOWN')
    expect(await store.accept(acceptance('session-4', [login(randomField(), tag)]))).toBe('ACCEPTED')
  })

  it('accepts one of two that pin different authenticators at the same time', async () => {
    const name = randomField()
    for (const id of ['session-1', 'session-2']) await begin(id)
    const outcomes = await Promise.all(
      ['session-1', 'session-2'].map((id) => store.accept(acceptance(id, [login(name)]))),
    )
    expect(outcomes.sort()).toEqual(['ACCEPTED', 'DEVICE_UNKNOWN'])
  })

  it('decides between connections: all but one find the challenge used', async () => {
    await begin('session-1')
    const other = await open()
    const outcomes = await Promise.all(
      [store, other, store, other].map((each) => each.accept(acceptance('session-1', [login()]))),
    )
    await other.close()
    expect(outcomes.filter((outcome) => outcome === 'ACCEPTED')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'CHALLENGE_USED')).toHaveLength(3)
  })
})

describe('a once-only name', () => {
  const accept = (id: string, answer: VerifiedAnswer, changes: Partial<Acceptance> = {}) =>
    store.accept(acceptance(id, [answer], changes))
  const read = (id: string, now: number, browser = BROWSER) => store.takeResult({ code: `code of ${id}`, browser, now })
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
    await store.sweep(100 * 86_400_000)
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
    expect(await store.accept(refused)).toBe('NULLIFIER_USED')
    expect(await read('session-1', 4999)).toMatchObject({ result: '[]' })
  })

  it('is freed by the sweep as well', async () => {
    await accept('session-1', act())
    await store.sweep(4999)
    expect(counts().nullifiers).toBe(1)
    await store.sweep(5000)
    expect(counts().nullifiers).toBe(0)
  })
})

describe('recordRefusal', () => {
  const refuse = (now = 10) =>
    store.recordRefusal({ sessionId: 'session-1', requestName: 'signIn', code: 'proof_invalid', now })

  it('ends the session with the last refusal that it may have', async () => {
    await begin('session-1')
    for (let i = 1; i < MAX_REFUSALS; i++) await refuse()
    expect((await store.findSession('session-1'))?.state).toBe('INITIALIZED')
    await refuse()
    expect((await store.findSession('session-1'))?.state).toBe('CANCELLED')
    expect(await store.accept(acceptance('session-1', [login()]))).toBe('SESSION_CANCELLED')
  })

  it('leaves a session that was answered as it is', async () => {
    await begin('session-1')
    await store.accept(acceptance('session-1', [login()]))
    for (let i = 0; i < MAX_REFUSALS; i++) await refuse()
    expect((await store.findSession('session-1'))?.state).toBe('DONE')
  })

  it('writes down as many and no more', async () => {
    await begin('session-1')
    for (let i = 0; i < MAX_REFUSALS + 3; i++) await refuse()
    expect(counts().audit).toBe(MAX_REFUSALS)
  })

  it('is itself forgotten after 90 days', async () => {
    await begin('session-1')
    await refuse(10)
    await store.sweep(10 + 90 * 86_400_000 - 1)
    expect(counts().audit).toBe(1)
    await store.sweep(10 + 90 * 86_400_000)
    expect(counts().audit).toBe(0)
  })
})

describe('sweep', () => {
  it('drops results that nobody fetched, then the sessions', async () => {
    await begin('session-1')
    await store.accept(acceptance('session-1', [login()]))
    const code = 'code of session-1'
    await store.sweep(4999)
    expect(await codeOfAsync(store.takeResult({ code, browser: undefined, now: 0 }))).toBe('result_wrong_browser')
    await store.sweep(5000)
    expect(await codeOfAsync(store.takeResult({ code, browser: BROWSER, now: 0 }))).toBe('result_unknown')
    await store.sweep(1000 + 86_400_000 - 1)
    expect(await store.findSession('session-1')).toBeDefined()
    await store.sweep(1000 + 86_400_000)
    expect(await store.findSession('session-1')).toBeUndefined()
  })
})
