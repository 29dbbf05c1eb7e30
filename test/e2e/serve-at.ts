import type { FastifyInstance } from 'fastify'
import { atOrigin } from '../../server/at-origin.ts'
import { listen } from '../../server/listen.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'

type Server = { readonly app: FastifyInstance; readonly close: () => Promise<void> }

/** Puts a server on a free port of this machine, at `<name>.localhost`. */
export async function serveAt<S extends Server>(
  name: string,
  create: (origin: Origin) => Promise<S>,
): Promise<S & { readonly origin: Origin }> {
  const listener = await listen(0)
  const origin = parseOrigin(`http://${name}.localhost:${listener.port}`)
  const server = await create(origin)
  await server.app.ready()
  listener.serve(atOrigin(origin, (request, response) => server.app.routing(request, response)))
  return {
    ...server,
    origin,
    close: async () => {
      await listener.close()
      await server.close()
    },
  }
}
