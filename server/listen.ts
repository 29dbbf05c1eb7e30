import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A port that is held from the moment of the call, whatever is ready behind it. */
export type Listener = {
  readonly port: number
  /** From now on requests go to `app`. Before, they are told to come back in a moment. */
  readonly serve: (app: RequestListener) => void
  /** Ends open connections too. */
  readonly close: () => Promise<void>
}

/** The port cannot be had. It is part of the origin, and so of every name made there: no other port will do. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly code = 'port_in_use'
  readonly port: number

  constructor(port: number, options?: ErrorOptions) {
    super(`port ${port} is in use`, options)
    this.port = port
  }
}

/**
 * Listens on 127.0.0.1 only. Port 0 takes a free one. Throws {@link PortInUseError}.
 */
export async function listen(port: number): Promise<Listener> {
  let answer: RequestListener = (_request, response) => {
    response.writeHead(503, { 'retry-after': '2', refresh: '2', 'content-type': 'text/plain; charset=utf-8' })
    response.end('Touchstone is still starting. This page tries again by itself.\n')
  }
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) =>
    answer(request, response),
  )
  await opened(server, port)
  return {
    // A TCP server's address is an object; only pipes have a text.
    port: (server.address() as AddressInfo).port,
    serve: (app) => {
      answer = app
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function opened(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, { cause: error }) : error),
    )
    server.listen({ port, host: '127.0.0.1' }, resolve)
  })
}
