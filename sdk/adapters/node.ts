import type { IncomingMessage } from 'node:http'

/** Method and headers of Node's request, for a guard: the body stays where it is. */
export function headersAsRequest({ method = 'GET', headers }: IncomingMessage): Request {
  const own = new Headers()
  for (const name of ['cookie', 'accept', 'origin'] as const) {
    const value = headers[name]
    if (value !== undefined) own.set(name, value)
  }
  // Guards look at no address, and the Host header is not asked who we are.
  return new Request('http://site.invalid/', { method, headers: own })
}
