import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../../scripts/circuits/compile.ts'
import { KEYS_FOLDER } from '../../../server/issuer/issuer-records.ts'
import { loadPersonNamer } from '../../../server/issuer/person.ts'
import { personHandle } from '../../../server/issuer/status-records.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { isRevoked } from '../../../src/protocol/status-list.ts'
import { type IssuerHost, startIssuer } from '../issuer-host.ts'
import { makePerson, openRecords } from '../open-records.ts'
import { fetchHistory, newestList } from '../published-status.ts'

const ROBIN = { givenName: 'Robin', familyName: 'Ashdown', birthDate: '1990-05-17', documentNumber: 'TS7654321' }

let data: string
let host: IssuerHost
let robins: number
let others: number[]

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'touchstone-operator-'))
  const directory = join(data, 'issuer')
  const records = await openRecords(directory)
  const person = loadPersonNamer(join(directory, KEYS_FOLDER))(ROBIN)
  const now = Math.floor(Date.now() / 1000)
  robins = await records.issue(now, { person, issuerTag: randomField() })
  others = []
  for (let count = 0; count < 12; count++) others.push(await records.issue(now, makePerson()))
  await records.database.close()
  host = await startIssuer({ directory })
  host.now = new Date()
})
afterAll(async () => {
  await host.close()
  expect(host.failures).toEqual([])
  rmSync(data, { recursive: true })
})

type Ended = { readonly code: number | null; readonly output: string; readonly errors: string }

/** The command, in a process of its own beside the running issuer. */
function command(line: readonly string[], input = ''): Promise<Ended> {
  const script = join(PROJECT_ROOT, 'scripts/touchstone.mjs')
  const child = spawn(process.execPath, [script, 'issuer', ...line, '--data', data])
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk))
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output, errors })))
}

describe('touchstone issuer', () => {
  it('revokes by identifier: the running issuer publishes it at once', async () => {
    const [first = 0, second = 0, third = 0] = others
    const before = await newestList(host)
    const { code, output, errors } = await command(['revoke', `${first}`, `${second}`, '--reason', 'key lost'])
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toContain(`Revoked 2 credentials: ${[first, second].sort((a, b) => a - b).join(', ')}.`)
    expect(output).toContain(`Epoch ${before.epoch + 1} of ${host.origin} says so`)
    const { list, epoch } = await newestList(host)
    expect(epoch).toBe(before.epoch + 1)
    expect([first, second, third].map((id) => isRevoked(list, id))).toEqual([true, true, false])
  })

  it('finds a person by who they are, and never says who they are', async () => {
    const { output: named } = await command(['person'], JSON.stringify(ROBIN))
    const handle = named.trim()
    expect(handle).toBe(personHandle(loadPersonNamer(join(data, 'issuer', KEYS_FOLDER))(ROBIN)))
    const suspended = await command(['suspend', '--person', handle, '--reason', 'asked by phone'])
    expect(suspended.output).toContain(`Suspended 1 credential: ${robins}.`)
    const { output } = await command(['list', '--state', 'suspended'])
    expect(output.trim().split('\n')).toHaveLength(2)
    expect(output).toMatch(new RegExp(`${robins} +suspended +${handle} .*asked by phone`))
    const reinstated = await command(['reinstate', `${robins}`, '--reason', 'found again'])
    expect(reinstated.output).toContain(`Reinstated 1 credential: ${robins}.`)
    const shown = [named, suspended.output, output, reinstated.output, (await command(['list'])).output].join('\n')
    expect(Object.values(ROBIN).filter((claim) => shown.includes(claim))).toEqual([])
  })

  it('shows what there is', async () => {
    const [newest] = await fetchHistory(host)
    const { output } = await command(['status'])
    expect(output).toMatch(/^11 active, 2 revoked\n/)
    expect(output).toContain(`Epoch ${newest?.epoch} of ${host.origin}`)
    const epochs = (await command(['epochs'])).output.trim().split('\n')
    expect(epochs).toHaveLength(1 + (newest?.epoch ?? 0))
    expect((await command(['--help'])).output).toContain('touchstone issuer reinstate')
  })

  it('ends with one line and the code for what it cannot do', async () => {
    const [revoked = 0] = others
    const reason = ['--reason', 'x']
    const cases: [string[], string][] = [
      [['revoke', `${revoked}`, ...reason], 'status_change_refused'],
      [['revoke', '--person', '0'.repeat(16), ...reason], 'credential_unknown'],
      [['revoke', `${robins}`], 'arguments_invalid'],
      [['revoke', `${robins}`, '--person', '0'.repeat(16), ...reason], 'arguments_invalid'],
      [['revoke', '252', ...reason], 'arguments_invalid'],
      [['revoke', `${robins}`, '--reason', 'two\nlines'], 'arguments_invalid'],
      [['list', '--state', 'lost'], 'arguments_invalid'],
      [['status', '--issuer', 'nobody'], 'issuer_records_missing'],
      [['status', '--issuer', '../issuer'], 'arguments_invalid'],
    ]
    const { epoch } = await newestList(host)
    for (const [line, error] of cases) {
      const { code, output, errors } = await command(line)
      expect({ code, output }, line.join(' ')).toEqual({ code: 1, output: '' })
      expect(errors).toMatch(new RegExp(`^[^\\n]+ \\(${error}\\)\\n$`))
    }
    expect((await newestList(host)).epoch).toBe(epoch)
  })

  it('works beside the server and others of its kind: no change is lost, no number twice or left out', async () => {
    const [, , ...free] = others
    const [forServer = [], ...forCommands] = [free.slice(0, 6), free.slice(6, 7), free.slice(7, 8), free.slice(8, 9)]
    const before = await newestList(host)
    const now = () => Math.floor(Date.now() / 1000)
    const commands = forCommands.map((ids) => command(['suspend', ...ids.map(String), '--reason', 'at once']))
    let finished = false
    const all = Promise.all(commands).finally(() => {
      finished = true
    })
    // The server's own changes go on for as long as the commands run.
    let changes = 0
    while (!finished || changes < forServer.length) {
      const id = forServer[changes % forServer.length] ?? 0
      const action = Math.floor(changes / forServer.length) % 2 === 0 ? 'suspend' : 'reinstate'
      await host.issuer.status.change({ action, target: { credentials: [id] }, reason: 'at once', now: now() })
      changes++
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect((await all).map(({ code, errors }) => ({ code, errors }))).toEqual(
      forCommands.map(() => ({ code: 0, errors: '' })),
    )
    const { epoch, list } = await newestList(host)
    expect(epoch).toBe(before.epoch + changes + forCommands.length)
    expect(forCommands.flat().map((id) => isRevoked(list, id))).toEqual([true, true, true])
    console.info(`${changes} changes by the server while three commands ran`)
  })
})
