import { z } from 'zod'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { type Presentation, serializePresentation } from '../../src/protocol/presentation.ts'
import { parseRelyingPartyMetadata, RELYING_PARTY_METADATA_PATH } from '../../src/protocol/relying-party.ts'
import { type PresentationRequest, verifyRequest } from '../../src/protocol/request.ts'
import { TouchstoneError } from '../touchstone-error.ts'

/** A site as its visitors reach it: a verifier, or whatever else answers requests. */
export type SiteUnderTest = { handle(request: Request): Promise<Response | undefined> }

/** A session that a page has opened, with the request that its wallet has checked. */
export type OpenSession = {
  readonly session: string
  readonly jws: string
  readonly request: PresentationRequest
  /** The Cookie header of the browser that opened it. */
  readonly cookie: string
}

/** How a presentation is sent; each member only to make it wrong. */
export type Sending = {
  readonly session?: string
  readonly origin?: string
  readonly contentType?: string
  readonly body?: string
}

/** What page and wallet ask of one site. */
export type SiteClient = {
  /** Opens a session as the page does, and checks its request as the wallet does. Rejects as both do. */
  open(request: string, cookie?: string): Promise<OpenSession>
  send(presentation: Presentation, sending?: Sending): Promise<Response>
  /** Says how far the wallet is, which the site's page may show and nothing depends on. */
  report(session: string, state: 'CONNECTED' | 'PROVING'): Promise<Response>
  decline(session: string): Promise<Response>
}

export async function connectSite(
  site: SiteUnderTest,
  { walletOrigin, now }: { walletOrigin: Origin; now: () => Date },
): Promise<SiteClient> {
  // Any host will do: a site answers by the path alone.
  const published = await ask(site, new Request(`http://localhost${RELYING_PARTY_METADATA_PATH}`))
  const metadata: unknown = await published.json()
  const origin = parseOrigin(originShape.parse(metadata).origin)
  const { keys } = parseRelyingPartyMetadata(metadata, origin)

  function post(path: string, from: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    const sent = { origin: from, 'content-type': 'application/json', ...headers }
    return ask(site, new Request(origin + path, { method: 'POST', headers: sent, body }))
  }

  return {
    async open(name, cookie) {
      const response = await post(
        '/touchstone/sessions',
        origin,
        JSON.stringify({ request: name }),
        cookie ? { cookie } : {},
      )
      if (!response.ok) throw await errorOf(response)
      const { session, jws } = openedShape.parse(await response.json())
      const { payload } = await verifyRequest({ jws, keys, expectedOrigin: origin, now: now() })
      const [given] = response.headers.get('set-cookie')?.split(';') ?? []
      return { session, jws, request: payload, cookie: given ?? cookie ?? '' }
    },
    send(presentation, sending = {}) {
      const { session = presentation.session, origin: from = walletOrigin, contentType = 'application/json' } = sending
      const body = sending.body ?? JSON.stringify(serializePresentation(presentation))
      return post(`/touchstone/sessions/${session}/presentation`, from, body, { 'content-type': contentType })
    },
    report: (session, state) => post(`/touchstone/sessions/${session}/state`, walletOrigin, JSON.stringify({ state })),
    decline: (session) => post(`/touchstone/sessions/${session}/decline`, walletOrigin, '{}'),
  }
}

const originShape = z.object({ origin: z.string() })
const openedShape = z.object({ session: z.string(), jws: z.string() })
const errorShape = z.object({
  error: z.string(),
  message: z.string().default(''),
  retryable: z.boolean().default(false),
})

async function ask(site: SiteUnderTest, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const response = await site.handle(request)
  if (!response) throw new Error(`the site does not answer ${pathname}`)
  return response
}

/** A site's refusal, as the error that it was before it became an answer. */
export async function errorOf(response: Response): Promise<TouchstoneError> {
  const { error, message, retryable } = errorShape.parse(await response.json())
  return new TouchstoneError(error, message, { retryable })
}
