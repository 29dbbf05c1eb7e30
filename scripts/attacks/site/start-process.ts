import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { resolve } from 'node:path'
import type { SiteUnderTest } from '../../../sdk/testing.ts'
import { exchange, type Reply, type Sending } from './exchange.ts'
import type { FailpointName } from './failpoints.ts'
import type { SiteOrder, SiteReport } from './process.ts'

/** A process that serves a site. */
export type SiteProcess = SiteUnderTest & {
  readonly port: number
  readonly pid: number
  /** What the SDK told its `onError`. */
  readonly faults: readonly string[]
  /** Everything that the process has printed. */
  readonly printed: () => string
  /** Whether it is still there. */
  isAlive(): boolean
  readonly ended: Promise<unknown>
  /** Makes it die by itself when it comes to a point for the nth time. */
  dieAt(point: FailpointName, nth: number): void
  /** Stops its clock there; without a time it runs on with the true one. */
  setClock(now?: Date): Promise<void>
  /** Resident memory in bytes, after a collection. */
  memory(): Promise<number>
  /** Sends whatever it is given, as it is. */
  post(sending: Sending): Promise<Reply>
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** Until it serves. */
export async function startProcess(settingsFile: string): Promise<SiteProcess> {
  const program = resolve(import.meta.dirname, 'process.ts')
  const child = fork(program, [settingsFile], { execArgv: ['--expose-gc'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const faults: string[] = []
  let printed = ''
  let isAlive = true
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += String(chunk)))
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const ended = once(child, 'exit').then(() => {
    isAlive = false
    agent.destroy()
  })
  const port = await new Promise<number>((fulfil, reject) => {
    child.on('message', (message: SiteReport) => {
      if ('port' in message) fulfil(message.port)
      else if ('fault' in message) faults.push(message.fault)
    })
    ended.then(() => reject(new Error(`the site’s process ended before it served: ${[...faults, printed].join('; ')}`)))
  })
  const post = (sending: Sending) => exchange(agent, port, sending)
  const send = (order: SiteOrder) => child.send(order)

  function order(message: SiteOrder): Promise<SiteReport> {
    send(message)
    return new Promise((fulfil) => {
      const listen = (answer: SiteReport) => {
        if ('port' in answer || 'fault' in answer) return
        child.off('message', listen)
        fulfil(answer)
      }
      child.on('message', listen)
    })
  }

  return {
    port,
    // A process that has sent something has an id.
    pid: child.pid ?? 0,
    faults,
    printed: () => printed,
    isAlive: () => isAlive,
    ended,
    dieAt: (at, nth) => void send({ die: { at, nth } }),
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
      return new Response(reply.body, { status: reply.status, headers: [...reply.headers] })
    },
    async kill(signal = 'SIGKILL') {
      if (isAlive) child.kill(signal)
      await ended
    },
  }
}
