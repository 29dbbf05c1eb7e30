import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../scripts/postgres.ts'
import { until } from '../../until.ts'
import { followEvents, type RoundRobin, type ServiceProcess, startProcess, startRoundRobin } from './processes.ts'
import { askApi, cookieOf, makePlace, type Place, present } from './service-under-test.ts'

let place: Place
let cluster: PostgresCluster
let environment: Record<string, string>
let services: ServiceProcess[]
let proxy: RoundRobin

beforeAll(async () => {
  const [made, started] = await Promise.all([makePlace(), startPostgres()])
  place = made
  cluster = started
  environment = {
    ...place.environment,
    TOUCHSTONE_DATABASE: cluster.url,
    TOUCHSTONE_PRESENTATIONS_PER_MINUTE: '100000',
    TOUCHSTONE_SHUTDOWN_SECONDS: '10',
  }
  services = await Promise.all([1, 2, 3].map(() => startProcess(environment)))
  proxy = await startRoundRobin()
  proxy.targets = services
})
afterAll(async () => {
  await proxy.close()
  await Promise.all(services.map((service) => service.end('SIGKILL')))
  await cluster.stop()
  place.remove()
})

/** The port of one of the processes. */
function at(index: number): number {
  return services[index % services.length]?.port ?? 0
}

type Ports = { readonly open: number; readonly present: number; readonly result: number }

/** A whole sign-in by way of these ports; the name that it gave, or the code that its result was refused by. */
async function signIn(ports: Ports, onPresented: () => void = () => undefined): Promise<string> {
  const { json: opened } = await askApi(ports.open, 'POST', '/v1/sessions', { request: 'signIn' })
  const { json: sent } = await present(ports.present, opened.session, await place.answer(opened.jws))
  onPresented()
  const cookie = cookieOf(opened.setCookie)
  const { json: result } = await askApi(ports.result, 'POST', '/v1/results', { code: sent.code, cookie })
  return result.login ? result.login.nullifier : `${result.error} ${sent.error}`
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** Opened at one, followed at another, presented at a third: how long the end took to be heard. */
async function timeToHear(beforePresenting: () => Promise<unknown> = async () => undefined): Promise<number> {
  const { json } = await askApi(at(0), 'POST', '/v1/sessions', { request: 'signIn' })
  const cookie = cookieOf(json.setCookie)
  const { heard, ended } = followEvents(at(1), json.session, cookie)
  const body = await place.answer(json.jws)
  await until(() => heard.length > 0)
  await beforePresenting()
  const sent = await present(at(2), json.session, body)
  const answeredAt = performance.now()
  await ended
  expect(heard.map(({ state }) => state)).toEqual(['INITIALIZED', 'DONE'])
  for (const index of [0, 1, 2]) {
    expect((await askApi(at(index), 'GET', `/v1/sessions/${json.session}`)).json.state).toBe('DONE')
  }
  const result = await askApi(at(1), 'POST', '/v1/results', { code: sent.json.code, cookie })
  expect(result.json.login.nullifier).toMatch(/^[\w-]{43}$/)
  const again = await askApi(at(2), 'POST', '/v1/results', { code: sent.json.code, cookie })
  expect(again.json.error).toBe('result_already_read')
  return (heard.at(-1)?.at ?? 0) - answeredAt
}

it('three processes are one site: what one is told the others know, within a second', async () => {
  expect(await timeToHear()).toBeLessThan(1_000)
})

it('hears without its connection for changes, too', async () => {
  // Each process has one; it is cut at the very moment before the change, and whatever comes first heals it.
  const cut = () =>
    query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'touchstone' and query like 'listen %'`,
    )
  expect(await timeToHear(cut)).toBeLessThan(6_000)
})

it('one person is one name at whichever process', async () => {
  const names = []
  for (let count = 0; count < 6; count++) {
    names.push(await signIn({ open: at(count), present: at(count + 1), result: at(count + 2) }))
  }
  expect(new Set(names).size).toBe(1)
})

it('a process that is killed takes nothing with it: the others go on with its sessions', async () => {
  const { json } = await askApi(at(2), 'POST', '/v1/sessions', { request: 'signIn' })
  const body = await place.answer(json.jws)
  const [, , victim] = services
  const viaProxy = { open: proxy.port, present: proxy.port, result: proxy.port }
  const name = await signIn(viaProxy)
  const [visitors, visits] = [4, 5]
  let presented = 0
  let killed: Promise<unknown> | undefined
  const kill = () => {
    // In the middle of what the others are about.
    if (++presented === 8) killed = victim?.end('SIGKILL')
  }
  const visit = async () => {
    const ends: string[] = []
    for (let count = 0; count < visits; count++) ends.push(await signIn(viaProxy, kill))
    return ends
  }
  const ends = (await Promise.all(Array.from({ length: visitors }, visit))).flat()
  await killed
  services = services.slice(0, 2)
  expect(killed).toBeDefined()
  expect(ends.length).toBe(visitors * visits)
  // A result is read once: of one that was read at the very end of its process, the answer is gone with it. Each visitor
  // asks for one thing at a time, so that it can have happened to each once.
  const gone = ends.filter((end) => end !== name)
  expect(gone.filter((end) => end !== 'result_already_read undefined')).toEqual([])
  expect(gone.length).toBeLessThanOrEqual(visitors)
  expect((await present(at(1), json.session, body)).status).toBe(200)
  services = [...services, await startProcess(environment)]
  proxy.targets = services
})

it('a rolling restart loses nothing', async () => {
  const [before] = await query("select count(*)::int as count from audit where event = 'accepted'")
  const names: string[] = []
  let isOver = false
  const visitors = [1, 2, 3].map(async () => {
    while (!isOver) names.push(await signIn({ open: proxy.port, present: proxy.port, result: proxy.port }))
  })
  for (const index of [0, 1, 2]) {
    const next = await startProcess(environment)
    const old = services[index]
    services = services.with(index, next)
    proxy.targets = services
    expect(await old?.end('SIGTERM')).toBe(0)
  }
  isOver = true
  await Promise.all(visitors)
  expect(names.length).toBeGreaterThan(10)
  expect(new Set(names).size).toBe(1)
  const [after] = await query("select count(*)::int as count from audit where event = 'accepted'")
  expect(Number(after?.count) - Number(before?.count)).toBe(names.length)
})
