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

/**
 * Writes a web-standard response to Node's. A body that was not read to its end closes the connection. An event stream is
 * passed on as it comes, and goes on when this has returned: to its end, or until the other side is gone.
 */
export async function sendWebResponse(response: Response, incoming: IncomingMessage, outgoing: ServerResponse) {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  if (!incoming.complete) headers.connection = 'close'
  if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
    outgoing.writeHead(response.status, headers)
    void passOn(response.body, outgoing)
    return
  }
  const body = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, headers)
  outgoing.end(body)
}

async function passOn(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader()
  // Ends the read that waits, and tells whoever writes the stream that nobody listens.
  const gone = () => void reader.cancel().catch(() => {})
  outgoing.once('close', gone)
  if (outgoing.destroyed) gone()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (!outgoing.write(next.value)) await roomIn(outgoing)
    }
    outgoing.end()
  } catch {
    // Half a stream: the other side sees that it broke off, and asks again.
    outgoing.destroy()
  } finally {
    outgoing.off('close', gone)
  }
}

function roomIn(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      outgoing.off('drain', settle).off('close', settle)
      resolve()
    }
    outgoing.on('drain', settle).on('close', settle)
  })
}
