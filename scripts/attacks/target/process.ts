/**
 * A relying party's server, alone in its process: the SDK and nothing else. Its settings come in a file. It ends with its
 * parent, which may turn its clock and ask for the memory it takes.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier, type VerifierOptions } from '../../../sdk/server.ts'

/** What a parent writes into the file; all of it is the parent's own. */
export type TargetSettings = Pick<
  VerifierOptions,
  'walletOrigin' | 'keySets' | 'store' | 'data' | 'verification' | 'requests' | 'sessionSeconds'
> & {
  readonly name: string
  /** What the issuers publish, by their origins. */
  readonly published: Readonly<Record<string, { readonly metadata: unknown; readonly statusHistory: unknown }>>
}

/** What a parent sends. `now`: where the clock is to stand, in milliseconds since 1970; null lets it run with the true time. */
export type TargetOrder = { readonly now: number | null } | { readonly memory: true }

/** What the process sends. `rss` is in bytes, after a collection. */
export type TargetReport =
  | { readonly port: number }
  | { readonly fault: string }
  | { readonly rss: number }
  | { readonly set: true }

const { published, name, ...settings }: TargetSettings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
let now: number | null = null

process.on('disconnect', () => process.exit())
process.on('message', (order: TargetOrder) => {
  if ('now' in order) {
    now = order.now
    report({ set: true })
    return
  }
  globalThis.gc?.()
  report({ rss: process.memoryUsage.rss() })
})

const server = createServer((incoming, outgoing) => {
  handled
    .then(async ({ handleNode }) => {
      if (!(await handleNode(incoming, outgoing))) outgoing.writeHead(404).end()
    })
    .catch((error: unknown) => {
      report({ fault: String(error) })
      outgoing.destroy()
    })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
// A listening TCP server has an AddressInfo.
const { port } = server.address() as AddressInfo
const handled = createVerifier({
  origin: `http://${name}.localhost:${port}`,
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
await handled
report({ port })

function report(message: TargetReport): void {
  process.send?.(message)
}
