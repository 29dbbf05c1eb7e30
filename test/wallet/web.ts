import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'

export type Call = { readonly method: string; readonly url: string; readonly body: unknown }
type Server = (call: Call) => Promise<{ status?: number; json: unknown }>

/**
 * The servers a wallet talks to, by origin, behind its `fetch`. Records every call. An origin without a server is out
 * of reach, as a network error is.
 */
export class Web {
  readonly calls: Call[] = []
  readonly #servers = new Map<Origin, Server>()

  serve(origin: string, server: Server): void {
    this.#servers.set(parseOrigin(origin), server)
  }

  /** The server is out of reach from now on. */
  cut(origin: string): void {
    this.#servers.delete(parseOrigin(origin))
  }

  /** Calls that carried something to a server. */
  get posts(): Call[] {
    return this.calls.filter(({ method }) => method === 'POST')
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted()
    const url = String(input)
    const { method = 'GET', body } = init
    const call: Call = { method, url, body: typeof body === 'string' ? JSON.parse(body) : undefined }
    this.calls.push(call)
    const server = this.#servers.get(parseOrigin(new URL(url).origin))
    if (!server) throw new TypeError('Failed to fetch')
    const { status = 200, json } = await server(call)
    return json === undefined ? new Response(null, { status: 204 }) : Response.json(json, { status })
  }
}
