import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startHeartbeat } from '../../server/issuer/heartbeat.ts'
import { PERSON_SCHEMA } from '../../server/issuer/issuer.ts'
import { KEYS_FOLDER } from '../../server/issuer/issuer-records.ts'
import { REFRESH_AFTER } from '../../server/issuer/status-store.ts'
import { ISSUER_METADATA_PATH, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import { STATUS_HISTORY_PATH, statusListPath } from '../../src/protocol/status-history.ts'
import { parseStatusList, STATUS_LIST_BYTES, statusTree } from '../../src/protocol/status-list.ts'
import { codeOfAsync } from '../expect-code.ts'
import { form, send } from './http-client.ts'
import { type IssuerHost, PERSON, startIssuer } from './issuer-host.ts'
import { fetchHistory, newestList } from './published-status.ts'

let host: IssuerHost

beforeAll(async () => {
  host = await startIssuer()
})
afterAll(async () => {
  await host.close()
  expect(host.failures).toEqual([])
})

function fetchList(epoch: number | string, headers: Record<string, string> = {}) {
  return send(`${host.origin}${statusListPath(0).replace('0', String(epoch))}`, { headers })
}

describe('the status list of an issuer that has just been started', () => {
  it('is there, signed by a key of the metadata, and its bytes have the root of the newest epoch', async () => {
    const { epoch, root, list } = await newestList(host)
    expect(epoch).toBeGreaterThanOrEqual(1)
    expect(statusTree(list).root).toBe(root)
  })

  it('comes in gzip to whom that is welcome, and plain to others: the same list', async () => {
    const { epoch } = await newestList(host)
    const welcome = ['gzip', 'br, GZIP', 'deflate, gzip;q=0.5', '*']
    const unwelcome = [undefined, '', 'br', 'gzip;q=0', 'identity', '*;q=1, gzip; q=0']
    for (const accept of [...welcome, ...unwelcome]) {
      const answer = await fetchList(epoch, accept === undefined ? {} : { 'accept-encoding': accept })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-encoding'], accept).toBe(welcome.some((w) => w === accept) ? 'gzip' : undefined)
      const bytes = answer.headers['content-encoding'] ? gunzipSync(answer.bytes) : answer.bytes
      expect(parseStatusList(bytes)).toHaveLength(STATUS_LIST_BYTES)
      expect(answer.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=86400, immutable',
        vary: 'Accept-Encoding',
      })
    }
  })

  it('is the same for everyone: no cookie, and nothing of the asker in it', async () => {
    const { epoch } = await newestList(host)
    const asked = [{}, { cookie: 'a=1', origin: host.walletOrigin }, { origin: 'https://shop.example', referer: 'x' }]
    for (const path of [statusListPath(epoch), STATUS_HISTORY_PATH]) {
      const answers = await Promise.all(asked.map((headers) => send(`${host.origin}${path}`, { headers })))
      expect(answers.flatMap(({ cookies }) => cookies)).toEqual([])
      expect(new Set(answers.map(({ bytes }) => bytes.toString('base64'))).size).toBe(1)
      const headers = answers.map(({ headers: { date: _, ...others } }) => others)
      expect(headers[1]).toEqual(headers[0])
      expect(headers[2]).toEqual(headers[0])
      expect(headers[0]?.['access-control-allow-origin']).toBe('*')
    }
  })

  it('304 to whom has it, by encoding; the history is asked for anew each time', async () => {
    const { epoch } = await newestList(host)
    const plain = (await fetchList(epoch)).headers.etag ?? ''
    const packed = (await fetchList(epoch, { 'accept-encoding': 'gzip' })).headers.etag ?? ''
    expect(plain).not.toBe(packed)
    for (const tag of [plain, `"x", W/${plain}`, '*']) {
      const answer = await fetchList(epoch, { 'if-none-match': tag })
      expect({ status: answer.status, length: answer.bytes.length, etag: answer.headers.etag }).toEqual({
        status: 304,
        length: 0,
        etag: plain,
      })
    }
    expect((await fetchList(epoch, { 'if-none-match': packed })).status).toBe(200)
    const { headers } = await send(`${host.origin}${STATUS_HISTORY_PATH}`)
    expect(headers['cache-control']).toBe('no-cache')
    const again = { headers: { 'if-none-match': headers.etag ?? '' } }
    expect((await send(`${host.origin}${STATUS_HISTORY_PATH}`, again)).status).toBe(304)
  })

  it('status_epoch_unknown: an epoch to come, and what is no number of an epoch', async () => {
    const { epoch } = await newestList(host)
    for (const name of [epoch + 1, 0, -1, `0${epoch}`, `${epoch}.0`, `+${epoch}`, '9'.repeat(16), 'newest']) {
      const answer = await fetchList(name)
      expect(answer.status, String(name)).toBe(404)
      expect(answer.json()).toMatchObject({ error: 'status_epoch_unknown' })
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })
})

describe('the heartbeat', () => {
  it('gives a fresh epoch to who asks after a pause in which no timer ran', async () => {
    const before = await fetchHistory(host)
    host.now = new Date(host.now.getTime() + REFRESH_AFTER * 1000)
    const after = await fetchHistory(host)
    expect(after[0]).toMatchObject({ epoch: (before[0]?.epoch ?? 0) + 1, root: before[0]?.root })
    expect(after[1]?.supersededAt).toBe(Math.floor(host.now.getTime() / 1000))
  })

  it('beats by itself, tells a failure and goes on, and ends when it is stopped', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const failures: unknown[] = []
      let beats = 0
      const refresh = async () => {
        beats++
        if (beats === 1) throw new Error('the disk is full')
      }
      const heartbeat = startHeartbeat({ refresh, onFailure: (error) => failures.push(error) })
      expect(beats).toBe(0)
      await vi.advanceTimersByTimeAsync(120_000)
      expect({ beats, failures }).toEqual({ beats: 2, failures: [new Error('the disk is full')] })
      await heartbeat.stop()
      await vi.advanceTimersByTimeAsync(120_000)
      expect(beats).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('several issuers', () => {
  it('each have a name, a schema, keys and a list of their own', async () => {
    const schema = { ...PERSON_SCHEMA, name: 'Passport' }
    const other = await startIssuer({ name: 'Republic of Elsewhere', schema })
    const read = async ({ origin }: IssuerHost) =>
      parseIssuerMetadata((await send(`${origin}${ISSUER_METADATA_PATH}`)).json(), origin)
    const [ours, theirs] = [await read(host), await read(other)]
    const page = (await send(`${other.origin}/`)).body
    await other.close()
    expect(theirs).toMatchObject({ name: 'Republic of Elsewhere', schemas: [{ name: 'Passport' }], demo: true })
    expect(ours).toMatchObject({ name: 'Touchstone demo issuer', schemas: [{ name: 'Person' }] })
    expect(theirs.statusKeys[0]?.kid).not.toBe(ours.statusKeys[0]?.kid)
    expect(page).toContain('Get a Passport credential')
    expect(page).toContain('Republic of Elsewhere')
    expect(page).not.toContain('Touchstone demo issuer')
  })

  it('take whole numbers and yes or no in their forms too', async () => {
    const own = [
      { name: 'semester', slot: 14, type: 'integer', title: 'Semester', sensitive: false, required: true },
      { name: 'resident', slot: 15, type: 'boolean', title: 'Resident', sensitive: false, required: true },
    ] as const
    const claims = [...PERSON_SCHEMA.claims, ...own]
    const other = await startIssuer({ name: 'University', schema: { ...PERSON_SCHEMA, name: 'Student', claims } })
    const order = (semester: string, resident: string) =>
      send(`${other.origin}/offers`, form({ ...PERSON, semester, resident }, other.origin))
    const id = (await order('-3', 'no')).headers.location?.replace('/offered/', '')
    const offer = (await send(`${other.origin}/offers/${id}`)).json()
    const refused = [await order('3.5', 'no'), await order('3', 'maybe')]
    await other.close()
    expect(offer).toMatchObject({ claims: { semester: -3, resident: false } })
    expect(refused.map(({ status }) => status)).toEqual([422, 422])
    expect(refused.map(({ body }) => body.match(/id="(\w+)-problem"/)?.[1])).toEqual(['semester', 'resident'])
  })

  it('a schema that cannot tell people apart is refused at the start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'touchstone-issuer-'))
    const claims = PERSON_SCHEMA.claims.filter(({ name }) => name !== 'documentNumber')
    await expect(startIssuer({ directory, schema: { ...PERSON_SCHEMA, claims } })).rejects.toThrow(
      'schema: Person has no claim documentNumber',
    )
    rmSync(directory, { recursive: true })
  })
})

describe('a restart', () => {
  it('keeps the epochs; a change goes on from them', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'touchstone-issuer-'))
    const first = await startIssuer({ directory })
    const before = await fetchHistory(first)
    const { port } = new URL(first.origin)
    await first.close()
    const second = await startIssuer({ directory, port: Number(port) })
    expect(await fetchHistory(second)).toEqual(before)
    const change = { action: 'revoke', target: { credentials: [1] }, reason: 'x', now: 0 } as const
    expect(await codeOfAsync(second.issuer.status.change(change))).toBe('credential_unknown')
    await second.close()
    rmSync(directory, { recursive: true })
  })

  it('without the file of a signing key: the next epoch has another', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'touchstone-issuer-'))
    const first = await startIssuer({ directory })
    const [before] = await fetchHistory(first)
    const { port } = new URL(first.origin)
    await first.close()
    rmSync(join(directory, KEYS_FOLDER, 'signing-key.json'))
    const second = await startIssuer({ directory, port: Number(port) })
    const history = await fetchHistory(second)
    expect(history.map(({ epoch }) => epoch)).toEqual([2, 1])
    expect(history[1]?.keys).toEqual(before?.keys)
    expect(history[0]?.keys).toEqual(second.issuer.metadata.keys)
    expect(history[0]?.keys).not.toEqual(before?.keys)
    await second.close()
    rmSync(directory, { recursive: true })
  })
})
