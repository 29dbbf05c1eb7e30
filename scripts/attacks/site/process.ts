/**
 * A relying party's server, alone in its process: the SDK, and the site's own page that reads results. Its settings come
 * in a file; it says its port when it serves, and ends with its parent, which may make it die at a point, turn its clock and
 * ask for the memory it takes.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createVerifier, TouchstoneError, type VerifierOptions } from '../../../sdk/server.ts'
import { armFailpoint, type FailpointName, installFailpoints } from './failpoints.ts'

/** What a deployment writes for its processes; all of it is the deployment's own. */
export type SiteSettings = Pick<
  VerifierOptions,
  | 'origin'
  | 'walletOrigin'
  | 'keySets'
  | 'store'
  | 'data'
  | 'signingKey'
  | 'verification'
  | 'requests'
  | 'sessionSeconds'
> & {
  /** What the issuers publish, by their origins. */
  readonly published: Readonly<Record<string, { readonly metadata: unknown; readonly statusHistory: unknown }>>
}

/** What a parent sends. `now`: where the clock is to stand, in milliseconds since 1970; null lets it run with the true time. */
export type SiteOrder =
  | { readonly die: { readonly at: FailpointName; readonly nth: number } }
  | { readonly now: number | null }
  | { readonly memory: true }

/** What the process sends. `rss` is in bytes, after a collection. */
export type SiteReport =
  | { readonly port: number }
  | { readonly fault: string }
  | { readonly rss: number }
  | { readonly set: true }

let now: number | null = null

installFailpoints()
process.on('disconnect', () => process.exit())
process.on('message', (order: SiteOrder) => {
  if ('die' in order) armFailpoint(order.die.at, order.die.nth)
  else if ('now' in order) {
    now = order.now
    report({ set: true })
  } else {
    globalThis.gc?.()
    report({ rss: process.memoryUsage.rss() })
  }
})

const { published, ...settings }: SiteSettings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const verifier = await createVerifier({
  ...settings,
  allowDevelopmentKeys: true,
  clock: () => new Date(now ?? Date.now()),
  issuers: async (origin) => {
    const issuer = published[origin]
    if (!issuer) throw new Error(`${origin} is down`)
    return issuer
  },
  onError: (error) => report({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
})

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error: unknown) => {
    report({ fault: String(error) })
    outgoing.destroy()
  })
})
// The clients keep their connections while others are being judged.
server.keepAliveTimeout = 600_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
  // A listening TCP server has an AddressInfo.
  report({ port: (server.address() as AddressInfo).port })
})

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (await verifier.handleNode(incoming, outgoing)) return
  try {
    const result = await verifier.getResult({ code: await text(incoming), cookie: incoming.headers.cookie })
    send(outgoing, 200, result)
  } catch (error) {
    if (!(error instanceof TouchstoneError)) throw error
    send(outgoing, error.retryable ? 503 : 409, { error: error.code })
  }
}

function send(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function report(message: SiteReport): void {
  process.send?.(message)
}
