import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../server/cli/main.ts'
import { readConfiguration } from '../../../server/service/configuration.ts'
import { createLogger } from '../../../server/service/logger.ts'
import { startService } from '../../../server/service/service.ts'
import { askApi, cookieOf, makePlace, type Place, present } from '../service/service-under-test.ts'

let place: Place
beforeAll(async () => {
  place = await makePlace()
  const service = await startService(readConfiguration(place.environment), { logger: createLogger('silent') })
  for (let count = 0; count < 3; count++) {
    const { json } = await askApi(service.port, 'POST', '/v1/sessions', { request: 'signIn' })
    const { json: sent } = await present(service.port, json.session, await place.answer(json.jws))
    await askApi(service.port, 'POST', '/v1/results', { code: sent.code, cookie: cookieOf(json.setCookie) })
  }
  await service.close()
})
afterAll(() => place.remove())

async function touchstone(line: string[], changes: Record<string, string | undefined> = {}, input = '') {
  let output = ''
  let errors = ''
  const exitCode = await runCommand(line, {
    write: (text) => {
      output += text
    },
    complain: (text) => {
      errors += text
    },
    environment: { TOUCHSTONE_DATA: place.environment.TOUCHSTONE_DATA, ...changes },
    stdin: Readable.from(input === '' ? [] : [input]),
  })
  return { exitCode, output, errors }
}

describe('touchstone', () => {
  it('shows its commands, and says what is no command', async () => {
    const { exitCode, output } = await touchstone(['--help'])
    expect(exitCode).toBe(0)
    for (const name of ['serve', 'keys', 'ledger', 'issuer']) expect(output).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(await touchstone(['nothing'])).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/unknown command.*\(arguments_invalid\)/),
    })
  })

  it('serve ends with code 2 and every fault where the configuration is wrong', async () => {
    const { exitCode, errors } = await touchstone(['serve'], { TOUCHSTONE_PORT: 'x' })
    expect(exitCode).toBe(2)
    expect(errors).toContain('TOUCHSTONE_PORT: is "x"; wanted: a port')
    expect(errors).toContain('TOUCHSTONE_ORIGIN: is missing')
    expect(errors).toMatch(/\(configuration_invalid\)\n$/)
    expect(errors).not.toMatch(/^\s+at /m)
  })
})

describe('touchstone keys', () => {
  it('lists and rotates the signing keys without showing them', async () => {
    const file = join(place.environment.TOUCHSTONE_DATA ?? '', 'signing-key.json')
    const { keys } = JSON.parse(readFileSync(file, 'utf8'))
    const before = await touchstone(['keys', 'list', '--json'])
    expect(JSON.parse(before.output)).toEqual({ keys: [{ kid: keys[0].jwk.kid, signsFrom: 0 }] })
    const { output } = await touchstone(['keys', 'rotate'])
    const listed = (await touchstone(['keys', 'list'])).output.trim().split('\n')
    expect(listed).toHaveLength(2)
    expect(output).toContain(listed[0]?.split(' ')[0])
    expect(before.output + output).not.toContain(keys[0].jwk.d)
    const json = readFileSync(file, 'utf8')
    const inEnvironment = await touchstone(['keys', 'rotate'], { TOUCHSTONE_SIGNING_KEY: json })
    expect(inEnvironment).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/\(arguments_invalid\)/) })
  })

  it('prints what the environment is to hold, with another key and the same secret', async () => {
    const json = (await touchstone(['keys', 'make', 'signing-key'])).output
    const { exitCode, output } = await touchstone(['keys', 'rotate', '--json'], { TOUCHSTONE_SIGNING_KEY: json })
    const [before, after] = [JSON.parse(json), JSON.parse(output)]
    expect({ exitCode, secret: after.secret }).toEqual({ exitCode: 0, secret: before.secret })
    expect(after.keys).toEqual([expect.anything(), before.keys[0]])
    const piped = await touchstone(['keys', 'rotate', '--json', '--stdin', '--immediately'], {}, json)
    expect(JSON.parse(piped.output)).toMatchObject({ secret: before.secret, keys: [{ signsFrom: 0 }] })
    expect(piped.output).not.toContain(before.keys[0].jwk.d)
  })

  it('makes API keys and signing keys that a service takes', async () => {
    const [key = '', hash = ''] = (await touchstone(['keys', 'make', 'api-key'])).output.split('\n')
    const out = join(place.directory, 'new-key.json')
    expect(await touchstone(['keys', 'make', 'signing-key', '--out', out])).toMatchObject({ exitCode: 0, output: '' })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(await touchstone(['keys', 'make', 'signing-key', '--out', out])).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/\(key_file_exists\)/),
    })
    const changes = { TOUCHSTONE_API_KEYS: hash, TOUCHSTONE_SIGNING_KEY_FILE: out }
    // Not beside the ledger of another secret.
    expect(await touchstone(['ledger', 'verify'], changes)).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/belongs to another secret.*\(audit_key_mismatch\)/),
    })
    const TOUCHSTONE_DATA = join(place.directory, 'new-data')
    const configuration = readConfiguration({ ...place.environment, ...changes, TOUCHSTONE_DATA })
    const service = await startService(configuration, { logger: createLogger('silent') })
    const answer = await askApi(service.port, 'POST', '/v1/sessions', { request: 'signIn' }, key)
    await service.close()
    expect(answer.status).toBe(201)
  })
})

describe('touchstone ledger', () => {
  it('verifies the audit log, also against a head that was noted', async () => {
    const { exitCode, output } = await touchstone(['ledger', 'verify', '--json'])
    const verdict = JSON.parse(output)
    expect({ exitCode, verdict }).toMatchObject({ exitCode: 0, verdict: { valid: true, rows: 6 } })
    const head = `${verdict.head.seq}:${verdict.head.hash}`
    expect((await touchstone(['ledger', 'verify', '--known', head])).exitCode).toBe(0)
    const other = `${verdict.head.seq}:${'A'.repeat(43)}`
    const wrong = await touchstone(['ledger', 'verify', '--known', other])
    expect(wrong).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/audit_set_back \(ledger_invalid\)/) })
    expect((await touchstone(['ledger', 'verify', '--known', 'x'])).errors).toContain('arguments_invalid')
  })

  it('exports lines of JSON', async () => {
    const lines = (await touchstone(['ledger', 'export'])).output.trim().split('\n')
    const rows = lines.map((line) => JSON.parse(line))
    expect(rows.map(({ type }) => type)).toEqual([...Array.from({ length: 6 }, () => 'audit'), 'end'])
  })

  it('prunes only when told so, and says first what', async () => {
    const counted = await touchstone(['ledger', 'prune', '--days', '1', '--dry-run', '--json'])
    expect(JSON.parse(counted.output)).toEqual({ dropped: false, audit: 0, sessions: 0, visits: 0 })
    const asked = await touchstone(['ledger', 'prune', '--days', '1'])
    expect(asked).toMatchObject({
      exitCode: 1,
      output: '',
      errors: expect.stringMatching(/--yes.*\(confirmation_missing\)/),
    })
    const done = await touchstone(['ledger', 'prune', '--days', '1', '--yes'])
    expect(done).toMatchObject({ exitCode: 0, output: 'Dropped 0 audit rows, 0 sessions, 0 visits.\n' })
    expect((await touchstone(['ledger', 'prune', '--days', '0', '--yes'])).errors).toContain('arguments_invalid')
  })

  it('names the row that was changed', async () => {
    const file = join(place.environment.TOUCHSTONE_DATA ?? '', 'touchstone.sqlite')
    const database = new DatabaseSync(file)
    database.exec("UPDATE audit SET event = 'refused' WHERE seq = 3")
    database.close()
    const { exitCode, errors } = await touchstone(['ledger', 'verify'])
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: 'row 3 of the audit log: audit_row_changed (ledger_invalid)\n',
    })
  })

  it('begins the log anew when that is acknowledged, and not before', async () => {
    const asked = await touchstone(['ledger', 'acknowledge'])
    expect(asked).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/\(confirmation_missing\)/) })
    expect((await touchstone(['ledger', 'verify'])).exitCode).toBe(1)
    const { output } = await touchstone(['ledger', 'acknowledge', '--yes'])
    expect(output).toMatch(/^Row 3 of the audit log: audit_row_changed\. .*Note the head: 7:/)
    expect((await touchstone(['ledger', 'verify'])).output).toMatch(/^1 rows/)
    expect((await touchstone(['ledger', 'acknowledge', '--yes'])).output).toMatch(/^Nothing to acknowledge/)
  })

  it('makes no ledger where there is none', async () => {
    const elsewhere = join(place.directory, 'elsewhere')
    const missing = await touchstone(['ledger', 'verify'], { TOUCHSTONE_DATA: elsewhere })
    expect(missing).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/\(ledger_missing\)/) })
    expect(existsSync(elsewhere)).toBe(false)
  })
})
