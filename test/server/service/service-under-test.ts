import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listedIssuer, type TestIssuer } from '../../../sdk/testing.ts'
import { serializePresentation } from '../../../src/protocol/presentation.ts'
import { FIRST_EPOCH_AT, makeIssuer } from '../../fixtures/issuer.ts'
import { makePerson } from '../../fixtures/person.ts'
import { makePresentation, type ProveStatement } from '../../fixtures/presentation.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'
import { WALLET, writeKeySet } from '../../fixtures/site.ts'

export const API_KEY = 'q2xT9rVb4LwZp8NcKe71YhGdUsMf35Jo'
export const ORIGIN = 'https://shop.example'

/** Everything that services of one site share, and a wallet that can answer them. */
export type Place = Awaited<ReturnType<typeof makePlace>>

/** A folder with a simulated key set, requests, and an environment that configures a service on free ports. */
export async function makePlace({ requests = {} }: { requests?: Readonly<Record<string, unknown>> } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-service-'))
  const simulated = makeSimulatedKeySet()
  const keySet = writeKeySet(simulated, join(directory, 'keys'))
  const issuer = makeIssuer()
  const person = makePerson({ issuer })
  const prove: ProveStatement = async (circuit, { signals }) => simulated.simulate(circuit, signals)
  const requestsFile = join(directory, 'requests.json')
  writeFileSync(requestsFile, JSON.stringify({ signIn: { type: 'login', id: 'login' }, ...requests }))
  const environment: Record<string, string> = {
    TOUCHSTONE_ORIGIN: ORIGIN,
    TOUCHSTONE_WALLET_ORIGIN: WALLET,
    TOUCHSTONE_REQUESTS: requestsFile,
    TOUCHSTONE_KEY_SETS: keySet,
    TOUCHSTONE_DATA: join(directory, 'data'),
    TOUCHSTONE_PORT: '0',
    TOUCHSTONE_API_KEYS: API_KEY,
    TOUCHSTONE_TRUSTED_PROXIES: 'none',
    TOUCHSTONE_VERIFIER_WORKERS: '0',
    TOUCHSTONE_LOG_LEVEL: 'info',
  }
  return {
    directory,
    environment,
    issuer,
    /** The body that answers a request. */
    async answer(jws: string): Promise<string> {
      const presentation = await makePresentation({ person, issuers: [listedIssuer(issuer)], jws, prove })
      return JSON.stringify(serializePresentation(presentation))
    },
    remove: () => rmSync(directory, { recursive: true }),
  }
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** Empty where the answer is no JSON. */
  readonly json: AnswerJson
}

/** What answers of the service hold, each member in its kind of answer alone: a test reads those of what it asked for. */
export type AnswerJson = {
  readonly error: string
  readonly message: string
  readonly session: string
  readonly jws: string
  readonly code: string
  readonly setCookie: string
  readonly state: string
  readonly expires: number
  readonly walletUrl: string
  readonly login: { readonly nullifier: string; readonly pseudonym: string }
}

/** One request on a connection of its own, as a proxy without keep-alive sends it. */
export function ask(
  port: number,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const all = Buffer.concat(chunks).toString()
          const isJson = incoming.headers['content-type']?.startsWith('application/json')
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: all,
            json: JSON.parse(isJson ? all : '{}'),
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}

/** The same as the site's backend asks. */
export function askApi(port: number, method: string, path: string, body?: unknown, key = API_KEY): Promise<Answer> {
  return ask(port, method, path, { headers: { authorization: `Bearer ${key}` }, body })
}

/** What a wallet posts. */
export function present(port: number, session: string, body: string): Promise<Answer> {
  return ask(port, 'POST', `/touchstone/sessions/${session}/presentation`, { headers: { origin: WALLET }, body })
}

/** A Cookie header from a Set-Cookie one. */
export function cookieOf(setCookie: string | undefined): string {
  return setCookie?.split(';')[0] ?? ''
}

export type { TestIssuer }
export { FIRST_EPOCH_AT, WALLET }
