import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../scripts/postgres.ts'
import { loaderOf } from '../../../sdk/testing/issuer.ts'
import { runCommand } from '../../../server/cli/main.ts'
import { type Ask, askOutside } from '../../../server/doctor/ask.ts'
import { CHECKS, examine } from '../../../server/doctor/examine.ts'
import type { NamedFinding } from '../../../server/doctor/finding.ts'
import type { Means } from '../../../server/doctor/patient.ts'
import { readConfiguration } from '../../../server/service/configuration.ts'
import { createLogger } from '../../../server/service/logger.ts'
import { type RunningService, startService } from '../../../server/service/service.ts'
import { ISSUER_METADATA_PATH } from '../../../src/protocol/issuer.ts'
import { artefactFile, keySetHash } from '../../../src/protocol/key-set.ts'
import { STATUS_HISTORY_PATH } from '../../../src/protocol/status-history.ts'
import { makeIssuer } from '../../fixtures/issuer.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'
import { writeKeySet } from '../../fixtures/site.ts'
import {
  API_KEY,
  askApi,
  cookieOf,
  makePlace,
  ORIGIN,
  type Place,
  present,
  WALLET,
} from '../service/service-under-test.ts'

const HSTS = 'max-age=31536000'
const DAY = 86_400

type Change = (incoming: { path: string; headers: IncomingMessage['headers'] }) => {
  status?: number
  headers?: OutgoingHttpHeaders
  body?: string
}

let place: Place
let service: RunningService
let world: Awaited<ReturnType<typeof openWorld>>
let keySet: string
/** What the site's proxy does otherwise than it should. */
let change: Change | undefined
let walletKeySets: readonly string[]
let issuer: ReturnType<typeof makeIssuer>

beforeAll(async () => {
  const requests = { over18: { ...ageQuery, issuers: [makeIssuer().metadata.origin] } }
  place = await makePlace({ requests })
  place.environment.TOUCHSTONE_ADMIN_PORT = '0'
  keySet = keySetHash(
    JSON.parse(readFileSync(join(place.environment.TOUCHSTONE_KEY_SETS ?? '', 'manifest.json'), 'utf8')),
  )
  service = await startService(readConfiguration(place.environment), { logger: createLogger('silent') })
  // Two rows of the audit log.
  const { json } = await askApi(service.adminPort, 'POST', '/v1/sessions', { request: 'signIn' })
  const { json: sent } = await present(service.port, json.session, await place.answer(json.jws))
  await askApi(service.adminPort, 'POST', '/v1/results', { code: sent.code, cookie: cookieOf(json.setCookie) })
  world = await openWorld()
})
afterAll(async () => {
  await world.close()
  await service.close()
  place.remove()
})
beforeEach(() => {
  change = undefined
  walletKeySets = [keySet]
  issuer = issuerOf(60)
})

/** One that published its list so many seconds ago. */
function issuerOf(age: number) {
  return makeIssuer({ publishedAt: Math.floor(Date.now() / 1000) - age })
}

const ageQuery = {
  type: 'credential',
  id: 'age',
  schema: '_7XilB7EO_UjaGFM7JXTYUOaAAiNhddb61hddeKvbfY',
  predicates: [{ op: '$lte', claim: 'birthDate', value: { yearsAgo: 18 } }],
}

/** One server that is the site's proxy, the wallet's host and the issuer, by the Host header. */
async function openWorld() {
  const server = createServer((incoming, outgoing) => {
    const host = incoming.headers.host
    if (host === new URL(ORIGIN).host) answerSite(incoming, outgoing)
    else if (host === new URL(WALLET).host) outgoing.end(JSON.stringify({ version: 1, keySets: walletKeySets }))
    else answerIssuer(incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(resolve)) }
}

async function answerIssuer({ url }: IncomingMessage, outgoing: ServerResponse) {
  const { metadata, statusHistory } = await loaderOf(issuer)(issuer.metadata.origin)
  const body = { [ISSUER_METADATA_PATH]: metadata, [STATUS_HISTORY_PATH]: statusHistory }[url ?? '']
  outgoing.writeHead(body ? 200 : 404).end(JSON.stringify(body ?? {}))
}

function answerSite(incoming: IncomingMessage, outgoing: ServerResponse) {
  const path = incoming.url ?? ''
  const changed = change?.({ path, headers: incoming.headers }) ?? {}
  if (!/^\/touchstone\/|^\/\.well-known\/touchstone\.json$/.test(path) || changed.body !== undefined) {
    const headers = { 'strict-transport-security': HSTS, ...changed.headers }
    outgoing.writeHead(changed.status ?? 200, headers).end(changed.body ?? 'the shop')
    return
  }
  const { method, headers } = incoming
  const forwarded = request({ host: '127.0.0.1', port: service.port, path, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...changed.headers })
    answer.pipe(outgoing)
  })
  incoming.pipe(forwarded)
}

/** As if TLS ended before the world's server. */
const ask: Ask = (url, init = {}) => {
  const { host, pathname, search } = new URL(url)
  return askOutside(`http://127.0.0.1:${world.port}${pathname}${search}`, {
    ...init,
    headers: { ...init.headers, host },
  })
}

/** Findings that are not ok, as `result name: found`. */
async function complaints(
  changes: Record<string, string | undefined> = {},
  means: Means = {},
): Promise<readonly string[]> {
  const findings = await examine({ ...place.environment, ...changes }, { ask, ...means })
  for (const { result, advice } of findings) expect(advice === '').toBe(result === 'ok')
  return findings
    .filter(({ result }) => result !== 'ok')
    .map(({ name, result, found }: NamedFinding) => `${result} ${name}: ${found}`)
}

/** A folder for changes to files, with the service's key. */
function copiedKey(name: string, alter: (text: string) => string = (text) => text): { TOUCHSTONE_DATA: string } {
  const data = join(place.directory, name)
  mkdirSync(data)
  const original = join(place.environment.TOUCHSTONE_DATA ?? '', 'signing-key.json')
  writeFileSync(join(data, 'signing-key.json'), alter(readFileSync(original, 'utf8')), { mode: 0o600 })
  return { TOUCHSTONE_DATA: data }
}

/** Besides, the database is that of the service, so that one thing alone is changed. */
function sameDatabase() {
  return { TOUCHSTONE_DATABASE: join(place.environment.TOUCHSTONE_DATA ?? '', 'touchstone.sqlite') }
}

it('has nothing against a service that is well, and every check looks at it', async () => {
  const findings = await examine(place.environment, { ask })
  expect(findings.filter(({ result }) => result !== 'ok')).toEqual([])
  expect(findings.map(({ name }) => name)).toEqual(Object.keys(CHECKS))
})

it('is described check by check', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/service.md'), 'utf8')
  const rows = page.slice(page.indexOf('## The doctor'))
  for (const name of Object.keys(CHECKS)) expect(rows).toMatch(new RegExp(`^\\|.*\`${name}\``, 'm'))
})

describe('the configuration', () => {
  it('is told by its variables, as serve does', async () => {
    const found = await complaints({ TOUCHSTONE_PORT: 'x' })
    expect(found[0]).toBe('fail configuration: TOUCHSTONE_PORT: is "x"; wanted: a port from 0 to 65535')
    // What can be looked at nonetheless is.
    expect(found).toEqual([found[0], 'warn issuers: not looked at'])
  })

  it('is told of requests that must not be asked', async () => {
    const path = join(place.directory, 'bad-requests.json')
    writeFileSync(path, '{"signIn":{"type":"nothing"}}')
    const [first] = await complaints({ TOUCHSTONE_REQUESTS: path })
    expect(first).toMatch(/^fail configuration: TOUCHSTONE_REQUESTS: .*signIn/)
  })

  it('is warned of development at an https origin', async () => {
    expect(await complaints({ TOUCHSTONE_MODE: 'development' })).toEqual(['warn mode: development, at an https origin'])
  })
})

describe('key sets', () => {
  it('of development fail in production, and warn in development', async () => {
    const keys = makeSimulatedKeySet('development')
    const folder = writeKeySet(keys, join(place.directory, 'development-keys'))
    const hash = keySetHash(keys.manifest)
    walletKeySets = [hash]
    expect(await complaints({ TOUCHSTONE_KEY_SETS: folder })).toEqual([`fail key sets: ${hash}, of origin development`])
    const development = { TOUCHSTONE_MODE: 'development', TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS: 'true' }
    expect(await complaints({ TOUCHSTONE_KEY_SETS: folder, ...development })).toContain(
      `warn key sets: ${hash}, of origin development`,
    )
  })

  it('that were altered fail', async () => {
    const folder = writeKeySet(makeSimulatedKeySet(), join(place.directory, 'altered-keys'))
    writeFileSync(join(folder, artefactFile('login-v1', 'verificationKey')), '{}')
    expect(await complaints({ TOUCHSTONE_KEY_SETS: folder })).toContainEqual(
      expect.stringMatching(/^fail key sets: keySets: .*login/),
    )
  })

  it('that the wallet does not pin fail, and warn where it does not say', async () => {
    walletKeySets = ['A'.repeat(43)]
    expect(await complaints()).toEqual([expect.stringMatching(/^fail wallet’s key sets: the wallet pins A+, and this/)])
    walletKeySets = []
    expect(await complaints()).toEqual([expect.stringMatching(/^warn wallet’s key sets: .*does not say/)])
  })

  it('named by nobody fail in production', async () => {
    const found = await complaints({ TOUCHSTONE_KEY_SETS: undefined })
    expect(found).toContain('fail key sets: no key set is named')
  })
})

describe('the signing key', () => {
  it('that others can read fails', async () => {
    const data = copiedKey('open-key')
    chmodSync(join(data.TOUCHSTONE_DATA, 'signing-key.json'), 0o644)
    expect(await complaints({ ...data, ...sameDatabase() })).toContainEqual(
      expect.stringMatching(/^fail signing key: others can read .*\(signing_key_permissions\)/),
    )
  })

  it('that is missing warns', async () => {
    const data = { TOUCHSTONE_DATA: join(place.directory, 'no-key') }
    expect(await complaints({ ...data, ...sameDatabase() })).toContain('warn signing key: there is none yet')
  })

  it('that is old warns', async () => {
    const data = copiedKey('old-key')
    const long = Date.now() / 1000 - 401 * DAY
    utimesSync(join(data.TOUCHSTONE_DATA, 'signing-key.json'), long, long)
    expect(await complaints({ ...data, ...sameDatabase() })).toEqual([
      'warn signing key’s age: 1 key, the newest 401 days old',
    ])
  })

  it('with too many beside it warns', async () => {
    const data = copiedKey('many-keys', (text) => {
      const ring = JSON.parse(text)
      return JSON.stringify({ ...ring, keys: Array.from({ length: 6 }, () => ring.keys[0]) })
    })
    expect(await complaints({ ...data, ...sameDatabase() })).toContain('warn signing key’s age: 6 keys')
  })

  it('whose secret is no secret fails, and whose own half it is warns', async () => {
    const weak = copiedKey('weak-secret', (text) =>
      JSON.stringify({ ...JSON.parse(text), secret: Buffer.alloc(32).toString('base64url') }),
    )
    expect(await complaints({ ...weak, ...sameDatabase() })).toEqual([
      'fail signing key’s secret: the secret is no random one',
      // It is another one than the log was written under.
      'fail audit log: row 0: audit_base_changed',
    ])
    const old = copiedKey('old-form', (text) => JSON.stringify(JSON.parse(text).keys[0].jwk))
    expect(await complaints({ ...old, ...sameDatabase() })).toContainEqual(
      expect.stringMatching(/^warn signing key’s secret: the secret is the private half/),
    )
  })
})

describe('the database', () => {
  /** A copy of the service's, altered. */
  function copied(name: string, sql: string): { TOUCHSTONE_DATABASE: string } {
    const path = join(place.directory, `${name}.sqlite`)
    const original = new DatabaseSync(sameDatabase().TOUCHSTONE_DATABASE)
    original.exec(`vacuum into '${path}'`)
    original.close()
    const copy = new DatabaseSync(path)
    copy.exec(sql)
    copy.close()
    return { TOUCHSTONE_DATABASE: path }
  }

  it('that is missing warns, and is not made', async () => {
    const path = join(place.directory, 'none.sqlite')
    const found = await complaints({ TOUCHSTONE_DATABASE: path })
    expect(found).toContainEqual(expect.stringMatching(/^warn database: .*none\.sqlite: 0001_.* are to come/))
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
  })

  it('of a newer version fails, and one that cannot be had', async () => {
    const newer = copied('newer', "insert into kysely_migration values ('9999_later', '2030-01-01')")
    expect(await complaints(newer)).toContainEqual(
      expect.stringMatching(/^fail database: .*a newer version changed the tables \(9999_later\)/),
    )
    expect(await complaints({ TOUCHSTONE_DATABASE: dirname(place.directory) })).toContainEqual(
      expect.stringMatching(/^fail database: /),
    )
  })

  it('whose log was altered fails', async () => {
    const altered = copied('altered', "update audit set event = 'refused' where seq = 2")
    expect(await complaints(altered)).toEqual(['fail audit log: row 2: audit_row_changed'])
  })

  it('that cannot be written fails', async () => {
    const path = copied(
      'read-only',
      "create trigger no_visits before insert on visits begin select raise(abort, 'full'); end",
    )
    expect(await complaints(path)).toEqual([expect.stringMatching(/^fail write and read: /)])
  })

  describe('PostgreSQL', () => {
    let cluster: PostgresCluster
    beforeAll(async () => {
      cluster = await startPostgres({ settings: { fsync: 'off' } })
    })
    afterAll(() => cluster.stop())

    it('without fsync fails, by clocks apart warns and fails, and unreachable fails', async () => {
      const environment = { TOUCHSTONE_DATABASE: cluster.url }
      expect(await complaints(environment)).toContainEqual(expect.stringMatching(/^warn database: PostgreSQL: 0001/))
      const configuration = readConfiguration({ ...place.environment, ...environment })
      await (await startService(configuration, { logger: createLogger('silent') })).close()
      const found = await complaints(environment)
      expect(found).toEqual([expect.stringMatching(/^fail durability: fsync = off, /)])
      const apart = (seconds: number) => complaints(environment, { now: () => Date.now() + seconds * 1000 })
      expect(await apart(11)).toContain('warn database’s clock: 11 s ahead of the database’s')
      expect(await apart(-61)).toContain('fail database’s clock: 61 s behind the database’s')
      const away = await complaints({ TOUCHSTONE_DATABASE: 'postgres://site:kX93nPq7LmT2vRw8@127.0.0.1:9/x' })
      expect(away).toContainEqual(expect.stringMatching(/^fail database: PostgreSQL: .*ECONNREFUSED/))
    })
  })
})

describe('the public origin', () => {
  it.each([
    [20, 'warn'],
    [-90, 'fail'],
  ])('whose clock is %i s apart gives a %s', async (seconds, result) => {
    change = ({ path }) =>
      path === '/' ? { headers: { date: new Date(Date.now() + seconds * 1000).toUTCString() } } : {}
    expect(await complaints()).toEqual([expect.stringMatching(new RegExp(`^${result} clock: \\d+ s `))])
  })

  it('that cannot be asked fails', async () => {
    // TLS is begun with a server that has none.
    const found = await complaints(
      {},
      {
        ask: (url, init) => (url.startsWith(ORIGIN) ? askOutside(`https://localhost:${world.port}/`) : ask(url, init)),
      },
    )
    expect(found).toContainEqual(expect.stringMatching(/^fail tls: https:\/\/shop\.example cannot be asked: /))
    expect(found).toContain('warn hsts: not looked at')
  })

  it('whose certificate ends soon warns', async () => {
    const ending: Ask = async (url, init) => ({
      ...(await ask(url, init)),
      certificateEnds: new Date(Date.now() + 3.5 * DAY * 1000),
    })
    expect(await complaints({}, { ask: ending })).toEqual(['warn tls: https; the certificate is good for 3 days'])
  })

  it('without HSTS for long warns', async () => {
    change = () => ({ headers: { 'strict-transport-security': 'max-age=300' } })
    expect(await complaints()).toEqual(['warn hsts: Strict-Transport-Security: max-age=300'])
  })

  it('whose page cuts off the wallet’s window fails', async () => {
    change = ({ path }) => (path === '/' ? { headers: { 'cross-origin-opener-policy': 'same-origin' } } : {})
    expect(await complaints()).toEqual([expect.stringMatching(/^fail opener policy: .*same-origin$/)])
    change = ({ path }) =>
      path === '/' ? { headers: { 'cross-origin-opener-policy': 'same-origin-allow-popups' } } : {}
    expect(await complaints()).toEqual([])
  })

  it('that does not forward the well-known address fails, and so does another service’s there', async () => {
    const own = /^\/\.well-known/
    change = ({ path }) => (own.test(path) ? { status: 404, body: 'no such page' } : {})
    expect(await complaints()).toEqual([expect.stringMatching(/^fail forwarding: .*answered 404/)])
    change = undefined
    const out = copiedKey('another-key')
    await touchstone(['keys', 'rotate', '--immediately'], out)
    expect(await complaints({ ...out, ...sameDatabase() })).toEqual([
      expect.stringMatching(/^fail forwarding: .*and the signing keys here are/),
    ])
  })

  it('that keeps answers in a cache fails', async () => {
    const only =
      (headers: OutgoingHttpHeaders): Change =>
      ({ path }) =>
        path === '/touchstone/config.json' ? { headers } : {}
    change = only({ 'cache-control': 'public, max-age=60' })
    expect(await complaints()).toEqual([expect.stringMatching(/^fail caching: .*Cache-Control: public/)])
    change = only({ age: '12' })
    expect(await complaints()).toEqual([expect.stringMatching(/^fail caching: .*Age: 12/)])
  })

  it('whose proxy speaks in the site’s name fails', async () => {
    change = ({ headers }) => {
      if (headers.origin) headers.origin = ORIGIN
      return {}
    }
    expect(await complaints()).toEqual([expect.stringMatching(/^fail other origins: .*answered 4\d\d$/)])
  })

  it('that shows metrics fails, and that forwards them under the API key warns', async () => {
    change = ({ path }) => (path === '/metrics' ? { body: 'touchstone_faults_total 0' } : {})
    expect(await complaints()).toEqual(['fail metrics and api: everybody can read /metrics'])
    change = ({ path }) => (path === '/metrics' ? { status: 401, body: '{"code":"api_key_missing"}' } : {})
    expect(await complaints()).toEqual([expect.stringMatching(/^warn metrics and api: /)])
  })
})

describe('issuers', () => {
  it('whose list is old warn, and fail when it is too old', async () => {
    issuer = issuerOf(0.75 * DAY)
    expect(await complaints()).toEqual([expect.stringMatching(/^warn issuers: .*status list of 18 h ago/)])
    issuer = issuerOf(2 * DAY)
    expect(await complaints()).toEqual([expect.stringMatching(/^fail issuers: .*status list of 48 h ago/)])
  })

  it('that do not answer fail', async () => {
    const down: Ask = (url, init) =>
      url.endsWith(STATUS_HISTORY_PATH) ? askOutside('http://127.0.0.1:9/') : ask(url, init)
    expect(await complaints({}, { ask: down })).toEqual([expect.stringMatching(/^fail issuers: .*ECONNREFUSED/)])
  })
})

it('Redis that does not answer fails', async () => {
  expect(await complaints({ TOUCHSTONE_REDIS: 'redis://127.0.0.1:9' })).toEqual([
    expect.stringMatching(/^fail rate limits: it does not count: .*ECONNREFUSED/),
  ])
})

async function touchstone(line: string[], changes: Record<string, string> = {}) {
  let output = ''
  const take = (text: string) => {
    output += text
  }
  const environment = { ...place.environment, ...changes }
  const exitCode = await runCommand(line, { write: take, complain: take, environment, stdin: Readable.from([]) })
  return { exitCode, output }
}

describe('touchstone doctor', () => {
  /** A whole deployment on this machine: the site is the service itself. */
  async function onThisMachine() {
    const port = String(service.port)
    return {
      TOUCHSTONE_MODE: 'development',
      TOUCHSTONE_ORIGIN: `http://shop.localhost:${port}`,
      TOUCHSTONE_WALLET_ORIGIN: `http://wallet.localhost:${world.port}`,
    }
  }

  it('tells a person what to do, and ends with code 1 where anything fails', async () => {
    const { exitCode, output } = await touchstone(['doctor'], await onThisMachine())
    // The service believes that it is at another origin.
    expect(exitCode).toBe(1)
    expect(output).toMatch(/^ok {4}configuration {9}every variable is right$/m)
    expect(output).toMatch(/^FAIL {2}forwarding {12}http:\/\/shop\.localhost:\d+\/\.well-known\/touchstone\.json: /m)
    expect(output).toMatch(/^ {20,}→ let the site’s proxy send/m)
    expect(output).toMatch(/\n\d+ ok, \d+ to know of, \d+ wrong\n$/)
  })

  it('says the same as JSON, without a secret', async () => {
    const password = 'kX93nPq7LmT2vRw8'
    const key = readFileSync(join(place.environment.TOUCHSTONE_DATA ?? '', 'signing-key.json'), 'utf8')
    const { exitCode, output } = await touchstone(['doctor', '--json'], {
      ...(await onThisMachine()),
      TOUCHSTONE_DATABASE: `postgres://${password}:${password}@127.0.0.1:9/${password}`,
      TOUCHSTONE_REDIS: `redis://:${password}@127.0.0.1:9`,
      TOUCHSTONE_SIGNING_KEY: key,
    })
    const { findings, fail } = JSON.parse(output)
    expect(exitCode).toBe(1)
    expect(fail).toBeGreaterThan(1)
    expect(findings).toContainEqual(expect.objectContaining({ name: 'database', result: 'fail' }))
    const { secret, keys } = JSON.parse(key)
    for (const hidden of [password, API_KEY, secret, keys[0].jwk.d]) expect(output).not.toContain(hidden)
  })
})
