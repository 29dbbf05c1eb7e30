import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Asked, BodyReader } from './asked.ts'
import { jsonTextOf } from './json-response.ts'

/**
 * A request of Node's as the routes read one, below `origin`: the Host header is not asked who we are. A `Request` of its
 * own, with its headers and its stream, would take longer than all the rest of a small request.
 */
export function toAsked(incoming: IncomingMessage, origin: string): Asked {
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', origin).href,
    headers: {
      get(name) {
        const value = incoming.headers[name.toLowerCase()]
        return (Array.isArray(value) ? value.join(', ') : value) ?? null
      },
    },
    bodyUsed: incoming.readableDidRead,
    openBody: () => readerOf(incoming),
  }
}

function readerOf(incoming: IncomingMessage): BodyReader {
  return {
    async read() {
      for (;;) {
        const chunk: unknown = incoming.read()
        if (chunk instanceof Uint8Array) return { done: false, value: chunk }
        if (incoming.readableEnded) return { done: true }
        if (incoming.destroyed) throw incoming.errored ?? new Error('the connection was closed')
        await changeOf(incoming)
      }
    },
    releaseLock() {},
  }
}

/** Until there is more of it, or an end. */
function changeOf(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      for (const event of CHANGES) incoming.off(event, settle)
      resolve()
    }
    for (const event of CHANGES) incoming.on(event, settle)
  })
}

const CHANGES = ['readable', 'end', 'close', 'error'] as const

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
  const text = jsonTextOf(response)
  const body = text === undefined ? Buffer.from(await response.arrayBuffer()) : Buffer.from(text)
  // Known whole, it goes out in one piece with its headers.
  if (response.body) headers['content-length'] = String(body.length)
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
