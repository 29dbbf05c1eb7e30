import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PROJECT_ROOT } from '../../../scripts/circuits/compile.ts'

/** A service in a process of its own. */
export type ServiceProcess = {
  readonly port: number
  /** Ends it by a signal, and waits; the exit code, or null after a signal that it did not take. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** Starts `touchstone serve` and waits until it listens. What it complains of is in the error if it does not. */
export async function startProcess(environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'scripts/touchstone.mjs'), 'serve'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk
  })
  const port = await listening(child).catch(() => {
    throw new Error(`the service did not start: ${complaints}`)
  })
  return {
    port,
    async end(signal) {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}

async function listening({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('no output')
  for await (const line of createInterface({ input: stdout })) {
    const { msg, port } = JSON.parse(line)
    if (msg !== 'listening') continue
    // Read on, or the pipe would fill up.
    stdout.resume()
    return port
  }
  throw new Error('it ended')
}

/** Sends requests to each of its targets in turn, and to the next one where one does not answer. */
export type RoundRobin = {
  readonly port: number
  targets: readonly { readonly port: number }[]
  close(): Promise<void>
}

export async function startRoundRobin(): Promise<RoundRobin> {
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', async () => {
      const { targets } = proxy
      const first = turn++
      for (let step = 0; step < targets.length; step++) {
        const target = targets[(first + step) % targets.length]
        // Sent again: a presentation that was taken and whose answer was lost is answered as before.
        const answer = await forward(target?.port ?? 0, incoming, Buffer.concat(chunks)).catch(() => undefined)
        if (!answer) continue
        outgoing.writeHead(answer.status, answer.headers)
        outgoing.end(answer.body)
        return
      }
      outgoing.writeHead(502).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: RoundRobin = {
    // A TCP server that listens has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    targets: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return proxy
}

function forward(port: number, { method, url: path, headers }: IncomingMessage, body: Buffer) {
  const options = { host: '127.0.0.1', port, method, path, agent: false, headers: { ...headers, connection: 'close' } }
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const onward = httpRequest(options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
    onward.on('error', reject)
    onward.end(body)
  })
}

/** Follows a session's events; each state with the moment it came, until the stream ends. */
export function followEvents(port: number, session: string, cookie: string) {
  const heard: { state: string; at: number }[] = []
  const ended = new Promise<void>((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, path: `/touchstone/sessions/${session}/events`, agent: false, headers: { cookie } },
      (incoming) => {
        createInterface({ input: incoming }).on('line', (line) => {
          const [, data] = /^data: (.*)$/.exec(line) ?? []
          if (data !== undefined) heard.push({ state: JSON.parse(data).state, at: performance.now() })
        })
        incoming.on('close', () => resolve())
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
  return { heard, ended }
}
