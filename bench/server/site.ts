/**
 * A relying party's server, alone in its process: the SDK on `node:http`, and a page of the site that reads results. Its
 * settings come in a file; it says its port when it serves, and ends with its parent.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createVerifier, type VerifierOptions } from '../../sdk/server.ts'

export type SiteSettings = Pick<
  VerifierOptions,
  'origin' | 'walletOrigin' | 'keySets' | 'store' | 'signingKey' | 'verification' | 'requests'
> & {
  /** What the issuers publish, by their origins. */
  readonly published: Readonly<Record<string, { readonly metadata: unknown; readonly statusHistory: unknown }>>
}

export type SiteReport = { readonly port: number }

const { published, ...settings }: SiteSettings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const verifier = await createVerifier({
  ...settings,
  allowDevelopmentKeys: true,
  issuers: async (origin) => {
    const issuer = published[origin]
    if (!issuer) throw new Error(`${origin} is down`)
    return issuer
  },
})

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    outgoing.destroy()
  })
})
// The load's connections stay while others are being measured.
server.keepAliveTimeout = 3_600_000
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  // A listening TCP server has an AddressInfo.
  const report: SiteReport = { port: (server.address() as AddressInfo).port }
  process.send?.(report)
})
process.on('disconnect', () => process.exit())

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (await verifier.handleNode(incoming, outgoing)) return
  const { code } = JSON.parse(await text(incoming))
  const result = await verifier.getResult({ code, cookie: incoming.headers.cookie })
  outgoing.writeHead(200, { 'content-type': 'application/json' })
  outgoing.end(JSON.stringify({ request: result.request }))
}
