import type { RequestListener } from 'node:http'
import type { Origin } from '../src/protocol/origin.ts'

/**
 * Lets through what was asked of this origin's own host. Another name for this machine would be another origin to the
 * browser (another wallet, other names), so whoever comes by one is sent to the right address.
 */
export function atOrigin(origin: Origin, app: RequestListener): RequestListener {
  const { host } = new URL(origin)
  return (request, response) => {
    if (request.headers.host === host) return app(request, response)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    response.writeHead(isRead ? 307 : 421, {
      'content-type': 'text/plain; charset=utf-8',
      ...(isRead && { location: `${origin}${request.url ?? '/'}` }),
    })
    response.end(`This server answers at ${origin} only.\n`)
  }
}
