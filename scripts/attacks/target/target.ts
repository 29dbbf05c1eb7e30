import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, type OutgoingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { StoreOption } from '../../../sdk/server/store/store.ts'
import { schemaHash } from '../../../sdk/server.ts'
import { PERSON_SCHEMA, type SiteUnderTest, type TestWallet } from '../../../sdk/testing.ts'
import { artefactFile, MANIFEST_FILE } from '../../../src/protocol/key-set.ts'
import { CIRCUIT_IDS } from '../../../src/protocol/signals.ts'
import type { TargetOrder, TargetReport, TargetSettings } from './process.ts'

/** A site in a process of its own. */
export type Target = SiteUnderTest & {
  readonly origin: string
  readonly port: number
  readonly pid: number
  /** Where the process keeps what it keeps. */
  readonly folder: string
  /** What the SDK told its `onError`: nothing of what is sent from outside may be unforeseen. */
  readonly faults: readonly string[]
  /** Everything that the process has printed. */
  readonly printed: () => string
  readonly isAlive: () => boolean
  /** Stops the server's clock there; without a time it runs on with the true one. */
  setClock(now?: Date): Promise<void>
  /** Resident memory in bytes, after a collection. */
  memory(): Promise<number>
  /** Sends whatever it is given, as it is. */
  post(sending: Sending): Promise<Reply>
  stop(): Promise<void>
}

export type Sending = {
  readonly path: string
  readonly method?: string
  readonly headers: OutgoingHttpHeaders
  readonly body: Uint8Array | string
}

export type Reply = {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly milliseconds: number
}

/** An answer that has not come by then is a hang. */
export const REPLY_LIMIT_MS = 5_000

/** The requests of every site that is attacked; `schema` and issuer are those of the wallet. */
export function requestsFor({ issuer }: TestWallet): TargetSettings['requests'] {
  const person = { issuers: [issuer.metadata.origin], schema: schemaHash(PERSON_SCHEMA) }
  const predicates = ['FI', 'DE', 'SE', 'IT', 'AT'].map((value) => ({ op: '$ne', claim: 'residence', value }) as const)
  const adult = {
    type: 'credential',
    id: 'adult',
    ...person,
    predicates: [{ op: '$lte', claim: 'birthDate', value: { yearsAgo: 18 } }],
  } as const
  return {
    signIn: { type: 'login', id: 'login' },
    adult,
    both: { all: [{ type: 'login', id: 'login' }, adult] },
    long: { ...adult, id: 'long', predicates },
    country: { ...adult, id: 'country', predicates: [{ op: '$sd', claim: 'nationality' }] },
    raffle: { type: 'action', id: 'raffle', ...person, predicates: [], action: 'spring-raffle' },
  }
}

/** Starts a site that believes the wallet. `store`: a SQLite file in its own folder unless given. */
export async function startTarget(
  wallet: TestWallet,
  {
    name = 'wine',
    store,
    ...options
  }: { name?: string; store?: StoreOption } & Pick<TargetSettings, 'sessionSeconds'> = {},
): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-target-'))
  const keys = join(folder, 'keys')
  const { origin: issuer } = wallet.issuer.metadata
  mkdirSync(keys)
  writeFileSync(join(keys, MANIFEST_FILE), JSON.stringify(wallet.keySet.manifest))
  for (const id of CIRCUIT_IDS) writeFileSync(join(keys, artefactFile(id, 'verificationKey')), wallet.keySet.files[id])
  const settings: TargetSettings = {
    name,
    walletOrigin: wallet.options.walletOrigin,
    keySets: [keys],
    data: join(folder, 'data'),
    store: store ?? { path: join(folder, 'touchstone.sqlite') },
    verification: { workers: 1 },
    requests: requestsFor(wallet),
    published: { [issuer]: await wallet.options.issuers(issuer) },
    ...options,
  }
  const file = join(folder, 'settings.json')
  writeFileSync(file, JSON.stringify(settings))
  return attend(folder, name, file)
}

async function attend(folder: string, name: string, file: string): Promise<Target> {
  const program = resolve(import.meta.dirname, 'process.ts')
  const child = fork(program, [file], { execArgv: ['--expose-gc'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const faults: string[] = []
  let printed = ''
  let isAlive = true
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += String(chunk)))
  const ended = once(child, 'exit').then(() => {
    isAlive = false
  })
  child.on('message', (message: TargetReport) => {
    if ('fault' in message) faults.push(message.fault)
  })
  const port = await new Promise<number>((fulfil, reject) => {
    child.on('message', (message: TargetReport) => {
      if ('port' in message) fulfil(message.port)
    })
    ended.then(() => reject(new Error(`the site’s process ended before it served: ${printed}`)))
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const post = (sending: Sending) => exchange(agent, port, sending)

  function order(message: TargetOrder): Promise<TargetReport> {
    child.send(message)
    return new Promise((fulfil) => {
      const listen = (answer: TargetReport) => {
        if ('port' in answer || 'fault' in answer) return
        child.off('message', listen)
        fulfil(answer)
      }
      child.on('message', listen)
    })
  }

  return {
    origin: `http://${name}.localhost:${port}`,
    port,
    // A process that has sent something has an id.
    pid: child.pid ?? 0,
    folder,
    faults,
    printed: () => printed,
    isAlive: () => isAlive,
    async setClock(now) {
      await order({ now: now?.getTime() ?? null })
    },
    async memory() {
      const answer = await order({ memory: true })
      return 'rss' in answer ? answer.rss : 0
    },
    post,
    async handle(asked) {
      const { pathname } = new URL(asked.url)
      const headers = Object.fromEntries(asked.headers)
      const body = new Uint8Array(await asked.arrayBuffer())
      const reply = await post({ path: pathname, method: asked.method, headers, body })
      return new Response(reply.body, { status: reply.status, headers: reply.headers })
    },
    async stop() {
      agent.destroy()
      if (isAlive) child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type FullReply = Reply & { readonly headers: [string, string][] }

async function exchange(
  agent: Agent,
  port: number,
  { path, method = 'POST', headers, body }: Sending,
): Promise<FullReply> {
  const began = performance.now()
  return new Promise((fulfil, reject) => {
    // Framed by hand: Node sends the body of a GET without.
    const framed = { ...headers, 'content-length': Buffer.byteLength(body) }
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers: framed, agent }, (incoming) => {
      const status = incoming.statusCode ?? 0
      const type = incoming.headers['content-type'] ?? ''
      const given = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [value].flat().map((each) => [name, each]),
      )
      text(incoming).then((body) => {
        fulfil({ status, type, body, headers: given, milliseconds: performance.now() - began })
      }, reject)
    })
    outgoing.setTimeout(REPLY_LIMIT_MS, () => outgoing.destroy(new Error('no answer in time')))
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
