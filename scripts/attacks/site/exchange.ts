import { type Agent, type OutgoingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** A request as it is sent, whatever it is. */
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
  readonly headers: readonly [string, string][]
  readonly milliseconds: number
}

/** An answer that has not come by then is a hang. */
export const REPLY_LIMIT_MS = 5_000

export function exchange(
  agent: Agent,
  port: number,
  { path, method = 'POST', headers, body }: Sending,
): Promise<Reply> {
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
