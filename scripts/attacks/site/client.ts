import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { SITE_ORIGIN, WALLET_ORIGIN } from './deployment.ts'

/** What came back: the members of any of the SDK's answers. */
export type Answer = {
  readonly status: number
  readonly replayed: boolean
  /** The Set-Cookie header's `name=value`. */
  readonly cookie: string | undefined
  readonly code?: string
  readonly error?: string
  readonly session?: string
  readonly jws?: string
  readonly answers?: Readonly<Record<string, { readonly nullifier: string }>>
}

/** A session as its page and its wallet know it. */
export type Session = { readonly session: string; readonly jws: string; readonly cookie: string }

/** How a body is sent. */
export type Sending = {
  readonly body: Uint8Array
  /** Over those of a wallet that posts JSON. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent in pieces of so many bytes, of unknown whole length. */
  readonly chunkBytes?: number
}

export const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

export async function openSession(port: number, name: string): Promise<Session> {
  const body = Buffer.from(JSON.stringify({ request: name }))
  const answer = await prepare(port, '/touchstone/sessions', { body, headers: { origin: SITE_ORIGIN } }).send()
  const { session, jws, cookie } = answer
  if (!session || !jws || !cookie) throw new RefusedError('a session', answer)
  return { session, jws, cookie }
}

export class RefusedError extends Error {
  readonly answer: Answer

  constructor(what: string, answer: Answer) {
    super(`${what} was answered by ${answer.status} ${answer.error ?? ''}`)
    this.answer = answer
  }
}

export function postPresentation(port: number, session: string, presentation: unknown): Promise<Answer> {
  return preparePresentation(port, session, { body: Buffer.from(JSON.stringify(presentation)) }).send()
}

/** The site's own page reads the result of a code. */
export function readResult(port: number, code: string, cookie: string): Promise<Answer> {
  return prepare(port, '/read', { body: Buffer.from(code), headers: { cookie } }).send()
}

/** All but the last byte of a request is under way; `send` lets that go, so that many can arrive at once. */
export type Held = { readonly send: () => Promise<Answer> }

export function preparePresentation(port: number, session: string, sending: Sending): Held {
  return prepare(port, `/touchstone/sessions/${session}/presentation`, sending)
}

function prepare(port: number, path: string, { body, headers, chunkBytes }: Sending): Held {
  const framing = chunkBytes === undefined ? { 'content-length': `${body.length}` } : { 'transfer-encoding': 'chunked' }
  const outgoing = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    agent,
    headers: { origin: WALLET_ORIGIN, 'content-type': 'application/json', ...framing, ...headers },
  })
  outgoing.setNoDelay(true)
  const answer = readAnswer(outgoing)
  // Whoever sends it hears of it; until then it is nobody's.
  answer.catch(() => undefined)
  const held = body.subarray(0, -1)
  const step = chunkBytes ?? held.length
  for (let offset = 0; offset < held.length; offset += step) outgoing.write(held.subarray(offset, offset + step))
  return {
    send() {
      outgoing.end(body.subarray(-1))
      return answer
    },
  }
}

async function readAnswer(outgoing: ClientRequest): Promise<Answer> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
  const said: unknown = JSON.parse(await text(incoming))
  return {
    // The SDK's answers are objects; a site that answers otherwise fails the judge.
    ...(said as object),
    status: incoming.statusCode ?? 0,
    replayed: incoming.headers['idempotent-replayed'] === 'true',
    cookie: incoming.headers['set-cookie']?.[0]?.split(';')[0],
  }
}
