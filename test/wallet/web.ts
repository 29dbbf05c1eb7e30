import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'

export type Call = { readonly method: string; readonly url: string; readonly body: unknown }
export type Answer = { readonly status?: number } & (
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array<ArrayBuffer> }
)
type Server = (call: Call) => Promise<Answer>

/**
 * The servers a wallet talks to, by origin, behind its `fetch`. Records every call. An origin without a server is out
 * of reach, as a network error is.
 */
export class Web {
  readonly calls: Call[] = []
  /** What each call let the browser send along, in the same order. */
  readonly credentials: (RequestCredentials | undefined)[] = []
  readonly #servers = new Map<Origin, Server>()

  serve(origin: string, server: Server): void {
    this.#servers.set(parseOrigin(origin), server)
  }

  /** The server is out of reach from now on. */
  cut(origin: string): void {
    this.#servers.delete(parseOrigin(origin))
  }

  /** Calls that carried something to a server, but for the reports of where a session is. */
  get posts(): Call[] {
    return this.calls.filter(({ method, url }) => method === 'POST' && !url.endsWith('/state'))
  }

  /** What sites were told of where their sessions are. */
  get reports(): unknown[] {
    return this.calls.filter(({ url }) => url.endsWith('/state')).map(({ body }) => body)
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted()
    const url = String(input)
    const { method = 'GET', body } = init
    const call: Call = { method, url, body: typeof body === 'string' ? JSON.parse(body) : undefined }
    this.calls.push(call)
    this.credentials.push(init.credentials)
    const server = this.#servers.get(parseOrigin(new URL(url).origin))
    if (!server) throw new TypeError('Failed to fetch')
    const answer = await server(call)
    const { status = 200 } = answer
    if ('bytes' in answer) return new Response(answer.bytes, { status })
    return answer.json === undefined ? new Response(null, { status: 204 }) : Response.json(answer.json, { status })
  }
}
