import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** A web-standard request from Node's, below `origin`: the Host header is not asked who we are. */
export function toWebRequest(incoming: IncomingMessage, origin: string): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const single of Array.isArray(value) ? value : [value ?? '']) headers.append(name, single)
  }
  const method = incoming.method ?? 'GET'
  const init: RequestInit = { method, headers }
  if (method !== 'GET' && method !== 'HEAD') {
    // Node's type of a web stream and the DOM's differ in name only.
    init.body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
    Object.assign(init, { duplex: 'half' })
  }
  return new Request(new URL(incoming.url ?? '/', origin), init)
}

/** Writes a web-standard response to Node's. A body that was not read to its end closes the connection. */
export async function sendWebResponse(response: Response, incoming: IncomingMessage, outgoing: ServerResponse) {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  if (!incoming.complete) headers.connection = 'close'
  const body = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, headers)
  outgoing.end(body)
}
