import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'
import type { FetchJson } from '../../sdk/server/loopback-fetch.ts'
import { isLoopback } from '../../src/protocol/origin.ts'

/** An answer, as a browser elsewhere would get it: no redirect is followed. */
export type Answer = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Its first 256 KB. */
  readonly body: Buffer
  /** This process's clock in the middle between question and answer, in milliseconds. */
  readonly at: number
  /** Until when the certificate is good; undefined without TLS. */
  readonly certificateEnds: Date | undefined
}

/** Asks an address. Throws what Node throws where there is no answer within five seconds, or no TLS to be trusted. */
export type Ask = (
  url: string,
  init?: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
) => Promise<Answer>

const TIMEOUT_MS = 5_000
const MAX_BYTES = 262_144

export const askOutside: Ask = (url, { method = 'GET', headers = {}, body } = {}) => {
  const { protocol, hostname, host, port, pathname, search } = new URL(url)
  const isHttps = protocol === 'https:'
  const began = Date.now()
  return new Promise((resolve, reject) => {
    const outgoing = (isHttps ? httpsRequest : httpRequest)(
      {
        // Node does not resolve *.localhost; browsers do.
        host: isLoopback(hostname) ? '127.0.0.1' : hostname,
        ...(isHttps ? { servername: hostname } : {}),
        port: port || (isHttps ? 443 : 80),
        path: pathname + search,
        method,
        headers: { host, ...headers },
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (incoming) => {
        const at = (began + Date.now()) / 2
        const { socket } = incoming
        const certificateEnds = socket instanceof TLSSocket ? new Date(socket.getPeerCertificate().valid_to) : undefined
        const chunks: Buffer[] = []
        let length = 0
        const end = () => {
          const all = Buffer.concat(chunks).subarray(0, MAX_BYTES)
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: all, at, certificateEnds })
        }
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          length += chunk.length
          if (length < MAX_BYTES) return
          end()
          incoming.destroy()
        })
        incoming.on('error', reject)
        incoming.on('end', end)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The same in the form in which the SDK asks wallets and issuers. */
export function fetchBy(ask: Ask): FetchJson {
  return async (url) => {
    const { status, body } = await ask(url)
    if (status < 200 || status > 299) throw new Error(`${url} answered ${status}`)
    return new Response(new Uint8Array(body), { status })
  }
}
