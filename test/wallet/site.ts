import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { type Day, dayOf } from '../../src/protocol/day.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { parsePresentation } from '../../src/protocol/presentation.ts'
import type { Query } from '../../src/protocol/query.ts'
import { parseRequest, REQUEST_TYPE, requestContext } from '../../src/protocol/request.ts'
import { parseStateReport } from '../../src/protocol/session-state.ts'
import type { KeySet } from '../../src/verifier/key-set.ts'
import { type PresentationResult, verifyPresentation } from '../../src/verifier/verify-presentation.ts'
import type { TestIssuer } from './issuer.ts'
import type { Call, Web } from './web.ts'

export const CODE = toBase64url(new Uint8Array(32).fill(9))

export type TestSiteOptions = {
  readonly keySet: KeySet
  readonly now: () => Date
  readonly issuers: readonly TestIssuer[]
}

/** A relying party: signs requests, verifies presentations with the real verifier, and keeps what it received. */
export class TestSite {
  readonly origin: Origin
  readonly results: PresentationResult[] = []
  readonly declined: string[] = []
  readonly #options: TestSiteOptions
  readonly #requests = new Map<string, string>()
  #keys: { privateKey: CryptoKey; jwk: JWK } | undefined
  /** Answers instead of the site's own server. */
  answer: ((call: Call) => { status?: number; json: unknown } | undefined) | undefined

  constructor(web: Web, origin: string, options: TestSiteOptions) {
    this.origin = parseOrigin(origin)
    this.#options = options
    web.serve(origin, (call) => this.#serve(call))
  }

  get today(): Day {
    return dayOf(this.#options.now())
  }

  /** A signed request, with some members of payload or header changed. */
  async request(query: Query, changes: { payload?: object; header?: object; key?: CryptoKey } = {}): Promise<string> {
    const { privateKey } = await this.#key()
    const session = `session-${this.#requests.size}-000`
    const iat = Math.floor(this.#options.now().getTime() / 1000)
    const payload = {
      version: 1,
      iss: this.origin,
      iat,
      exp: iat + 120,
      nonce: toBase64url(randomBytes(32)),
      session,
      keySet: this.#options.keySet.hash,
      today: this.today,
      responseUri: `${this.origin}/touchstone/sessions/${session}/presentation`,
      returnUri: `${this.origin}/back`,
      query,
      ...changes.payload,
    }
    const jws = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: REQUEST_TYPE, kid: 'site-key', ...changes.header })
      .sign(changes.key ?? privateKey)
    this.#requests.set(session, jws)
    return jws
  }

  async #key() {
    if (!this.#keys) {
      const { privateKey, publicKey } = await generateKeyPair('ES256')
      const { kty, crv, x, y } = await exportJWK(publicKey)
      this.#keys = { privateKey, jwk: { kty, crv, x, y, kid: 'site-key', alg: 'ES256', use: 'sig' } as JWK }
    }
    return this.#keys
  }

  async #serve(call: Call): Promise<{ status?: number; json: unknown }> {
    const replaced = this.answer?.(call)
    if (replaced) return replaced
    const { pathname } = new URL(call.url)
    if (pathname === '/.well-known/touchstone.json') {
      return { json: { version: 1, origin: this.origin, keys: [(await this.#key()).jwk] } }
    }
    const [, id = '', action] = /^\/touchstone\/sessions\/([^/]+)\/([a-z]+)$/.exec(pathname) ?? []
    const jws = this.#requests.get(id)
    if (!jws) return { status: 404, json: { error: 'session_unknown' } }
    if (action === 'state') return { json: parseStateReport(call.body) }
    if (action === 'decline') {
      this.declined.push(id)
      return { json: undefined }
    }
    return this.#verify(jws, call.body)
  }

  async #verify(jws: string, body: unknown): Promise<{ status?: number; json: unknown }> {
    const request = parseRequest(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()))
    const result = await verifyPresentation({
      presentation: parsePresentation(body),
      request,
      context: requestContext(jws, request),
      keySet: this.#options.keySet,
      issuers: (origin) => this.#issuer(origin)?.published(),
      histories: (origin) => this.#issuer(origin)?.pages.publisher.history(),
      now: Math.floor(this.#options.now().getTime() / 1000),
      statusGrace: 600,
    })
    this.results.push(result)
    if (result.status !== 'VALID') return { status: 422, json: { error: result.status.toLowerCase() } }
    return { json: { code: CODE, returnUri: request.returnUri } }
  }

  #issuer(origin: Origin): TestIssuer | undefined {
    return this.#options.issuers.find((issuer) => issuer.origin === origin)
  }
}
