import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashBearer } from '../../../sdk/server/cookie.ts'
import { openStore } from '../../../sdk/server/store/open-store.ts'
import type { Store } from '../../../sdk/server/store/store.ts'
import { fieldToBytes, randomField } from '../../../src/protocol/field.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { AUDIT_KEY } from './audit-key.ts'
import { acceptance, act, BROWSER, codeOf, login, session } from './records.ts'

const run = promisify(execFile)

let directory: string
let path: string
const stores: Store[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-store-'))
  path = join(directory, 'new', 'store.sqlite')
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  rmSync(directory, { recursive: true })
})

async function open(): Promise<Store> {
  const store = await openStore({ path }, { auditKey: AUDIT_KEY, onError: () => {} })
  stores.push(store)
  return store
}

it('makes a file for its owner alone', async () => {
  await open()
  expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
  expect(statSync(join(directory, 'new')).mode & 0o777).toBe(0o700)
})

it('asks by indexes, however many sessions there are', async () => {
  await open()
  const database = new DatabaseSync(path)
  const plan = (statement: string) =>
    database
      .prepare(`explain query plan ${statement}`)
      .all()
      .map(({ detail }) => detail)
      .filter((detail) => !String(detail).includes('TEMP B-TREE'))
  const scans = [
    "select state from sessions where browser_hash = x'00' and expires_at > 1 limit 32",
    "select id from sessions where browser_hash = x'00' and result is not null and result_expires_at > 1 limit 1",
    "select id from sessions where id in ('a', 'b') or code_hash in (x'00', x'01') order by id",
    'select id from sessions where result is not null and result_expires_at <= 1 limit 10',
    'select id from sessions where expires_at <= 1 and result is null limit 10',
    'select kind from nullifiers where held_until <= 1 limit 10',
    "select kind from nullifiers where session_id in ('a', 'b') and held_until is not null",
    "delete from visits where name_hmac in (x'00')",
  ].flatMap(plan)
  database.close()
  expect(scans.filter((detail) => String(detail).startsWith('SCAN'))).toEqual([])
})

describe('a file that an older version made', () => {
  const OLD = new URL('../../fixtures/store/0001.sql', import.meta.url)

  function makeOld(rows: string): void {
    mkdirSync(join(directory, 'new'))
    const database = new DatabaseSync(path)
    database.exec(readFileSync(OLD, 'utf8'))
    database.exec(rows)
    database.close()
  }

  it('is brought up to date with all that it holds', async () => {
    const [name, tag, used] = [randomField(), randomField(), randomField()]
    const blob = (bytes: Uint8Array) => `x'${Buffer.from(bytes).toString('hex')}'`
    const browser = blob(hashBearer(BROWSER))
    makeOld(`
      insert into sessions values
        ('open', 'signIn', ${browser}, 'jws', 'INITIALIZED', 1, 0, 1000, null, null, null, null),
        ('done', 'signIn', ${browser}, 'jws', 'DONE', 0, 0, 1000, ${blob(hashBearer(codeOf('done')))}, '["old"]', 5000, null);
      insert into nullifiers values ('action', ${blob(fieldToBytes(used))}, 'done', 5, 5000);
      insert into device_tags values (${blob(fieldToBytes(name))}, ${blob(fieldToBytes(tag))}, 5);
      insert into audit (at, event, request_name, code, name_hmac) values
        (5, 'accepted', 'signIn', null, ${blob(hashBearer('name'))}), (6, 'refused', 'signIn', 'proof_invalid', null);`)
    const store = await open()
    expect(await store.findSession('open')).toMatchObject({ state: 'INITIALIZED', presentationDigest: null })
    expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 2 })
    await store.insertSession(session('new'))
    expect(await store.accept(acceptance('new', [act(used)]))).toBe('NULLIFIER_USED')
    expect(await store.accept(acceptance('new', [login(name)]))).toBe('DEVICE_UNKNOWN')
    expect(await store.accept(acceptance('new', [login(name, tag)]))).toBe('ACCEPTED')
    expect(await store.accept(acceptance('open', [act()]))).toBe('ACCEPTED')
    expect(await store.takeResult({ code: codeOf('done'), browser: BROWSER, now: 20 })).toEqual({
      sessionId: 'done',
      requestName: 'signIn',
      result: '["old"]',
    })
    expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 5 })
  })

  it('is brought up to date once by several that open it together', async () => {
    makeOld("insert into audit (at, event) values (5, 'accepted')")
    const [first] = await Promise.all([open(), open(), open()])
    expect(await first?.ledger.verify()).toMatchObject({ valid: true, rows: 1 })
  })
})

describe('where nothing can be written', () => {
  it('says so, and keeps all that it has answered', async () => {
    mkdirSync(join(directory, 'new'))
    // Files of 2 MB at most, and no signal about it: the write fails as it does on a full disk.
    const limited = `trap '' XFSZ; ulimit -f 4096; exec "$0" "$@"`
    const script = new URL('full-disk.ts', import.meta.url).pathname
    const { stdout } = await run('bash', ['-c', limited, process.execPath, script, path])
    const { code, accepted } = JSON.parse(stdout)
    expect(code).toBe('store_unavailable')
    expect(accepted.length).toBeGreaterThan(0)
    const store = await open()
    for (const id of accepted) expect((await store.findSession(id))?.state).toBe('DONE')
    const verdict = await store.ledger.verify()
    expect(verdict).toMatchObject({ valid: true })
    expect(verdict.valid && verdict.rows).toBeGreaterThanOrEqual(accepted.length)
    await store.insertSession(session('after'))
    expect(await store.accept(acceptance('after', [act()]))).toBe('ACCEPTED')
  })

  it('does not open what is no file', async () => {
    const opened = openStore({ path: directory }, { auditKey: AUDIT_KEY, onError: () => {} })
    expect(await codeOfAsync(opened)).toBe('store_unavailable')
  })
})
