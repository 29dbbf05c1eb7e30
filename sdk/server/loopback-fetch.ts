import { request } from 'node:http'
import { isLoopback } from '../../src/protocol/origin.ts'

/** What the SDK needs of `fetch`: one GET without redirects. */
export type FetchJson = (url: string, init: { signal: AbortSignal }) => Promise<Response>

const MAX_BYTES = 262_144

/**
 * GET from one server to another. Node does not resolve `*.localhost` and its `fetch` sets no Host header, so for
 * names that never leave the machine this connects to 127.0.0.1 and names the host as a browser would. All other
 * addresses go through the platform's fetch, without redirects: an origin speaks for itself or not at all. Either way
 * an answer of more than 256 KB is none.
 */
export const serverFetch: FetchJson = (url, { signal }) => {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && isLoopback(hostname) ? loopbackGet(url, signal) : platformGet(url, signal)
}

async function platformGet(url: string, signal: AbortSignal): Promise<Response> {
  const { body, status } = await fetch(url, { redirect: 'error', signal })
  const chunks: Uint8Array[] = []
  let length = 0
  // Whatever leaves this loop before the end cancels the body, and with it the connection.
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return new Response(Buffer.concat(chunks), { status })
}

function loopbackGet(url: string, signal: AbortSignal): Promise<Response> {
  const { host, port, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: port || 80, path: pathname + search, headers: { host }, signal, agent: false },
      (incoming) => {
        const chunks: Buffer[] = []
        let length = 0
        incoming.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > MAX_BYTES) incoming.destroy(new Error(`more than ${MAX_BYTES} bytes`))
          else chunks.push(chunk)
        })
        incoming.on('error', reject)
        incoming.on('end', () => resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 502 })))
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
}
