import { z } from 'zod'
import type { RequestDefinition, Verifier } from '../../sdk/server.ts'

/** An address below `/v1`: what it takes, what it answers, and what it does. The schemas are the OpenAPI document's. */
export type ApiRoute = {
  readonly method: 'GET' | 'POST'
  /** With `{name}` for a parameter, as OpenAPI writes it. */
  readonly path: string
  readonly operation: string
  readonly summary: string
  readonly status: 200 | 201
  readonly body?: z.ZodType
  readonly answer: z.ZodType
  /** Codes it can refuse with besides those of {@link COMMON_CODES}. */
  readonly codes: readonly string[]
  readonly run: (verifier: Verifier, asked: { readonly body: unknown; readonly id: string }) => Promise<unknown>
}

/** What any address below `/v1` can refuse with. */
export const COMMON_CODES = [
  'api_key_missing',
  'api_key_unknown',
  'body_invalid',
  'body_too_large',
  'content_type_invalid',
  'internal_error',
  'store_unavailable',
] as const

const cookieShape = z.string().max(8_192).meta({
  description: 'The Cookie header of the browser’s own request, whole. Only what Touchstone has set there is read.',
})

const nullifierShape = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .meta({ description: '43 characters of base64url: what accounts are kept by.' })
const pseudonymShape = z
  .string()
  .meta({ description: 'The name in words, such as blue-otter-27: for eyes only, two people may share it.' })

const createBody = z
  .strictObject({
    request: z
      .union([z.string().max(64), z.looseObject({})])
      .meta({ description: 'The name of a request of the configuration, or one written out, with its query.' }),
    purpose: z.string().max(80).optional().meta({ description: 'Why the site asks, in its own few words.' }),
    ttl: z.int().optional().meta({ description: 'How long the session lives, in seconds.' }),
    transport: z
      .enum(['window', 'link'])
      .optional()
      .meta({ description: 'How the browser comes to the wallet: by its window, or by the link `walletUrl`.' }),
    cookie: cookieShape.optional(),
  })
  .meta({ id: 'NewSession' })

const sessionAnswer = z
  .object({
    session: z.string(),
    jws: z.string().meta({ description: 'The signed request, for the wallet.' }),
    expires: z.int().meta({ description: 'Unix seconds, by the service’s clock.' }),
    walletOrigin: z.string(),
    walletUrl: z.string().optional().meta({ description: 'Where a link sends the browser.' }),
    setCookie: z
      .string()
      .optional()
      .meta({ description: 'A Set-Cookie header that the site’s answer to the browser must carry.' }),
  })
  .meta({ id: 'Session' })

const stateAnswer = z
  .object({
    session: z.string(),
    request: z.string(),
    state: z.enum(['INITIALIZED', 'PAIRING', 'CONNECTED', 'PROVING', 'DONE', 'CANCELLED', 'TIMEOUT']),
    expires: z.int(),
  })
  .meta({ id: 'SessionState' })

const nameShape = z.object({ nullifier: nullifierShape, pseudonym: pseudonymShape })

const answerShape = z.union([
  nameShape.extend({ type: z.literal('login') }),
  nameShape.extend({
    type: z.enum(['credential', 'action', 'vote']),
    issuers: z.array(z.string()).meta({ description: 'Those accepted; which of them signed is not told.' }),
    schema: z.string(),
    disclosed: z.record(z.string(), z.unknown()),
  }),
])

const resultShape = z.object({
  session: z.string().meta({ description: 'The session that was answered.' }),
  request: z.string(),
  login: nameShape.optional().meta({ description: 'Who signed in; absent unless a login was asked.' }),
  answers: z.record(z.string(), answerShape).meta({ description: 'By the items’ ids.' }),
})

const resultAnswer = resultShape.meta({ id: 'Result' })

const codeBody = z
  .strictObject({
    code: z.string().max(128).meta({ description: 'What the page was given when the wallet was done.' }),
    cookie: cookieShape,
    session: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'The session that the code must be of; else the result stays unread.' }),
  })
  .meta({ id: 'Code' })

const visitAnswer = z
  .object({
    login: nameShape.optional().meta({ description: 'Who is signed in.' }),
    results: z
      .record(z.string(), resultShape.extend({ readAt: z.int().meta({ description: 'Unix seconds.' }) }))
      .meta({ description: 'By the names of requests.' }),
  })
  .meta({ id: 'Visit' })

const visitBody = z.strictObject({ cookie: cookieShape }).meta({ id: 'Visitor' })
const forgetBody = z.strictObject({ nullifier: nullifierShape }).meta({ id: 'Forget' })

/** Everything that a site's backend may ask. */
export const API_ROUTES: readonly ApiRoute[] = [
  route({
    method: 'POST',
    path: '/v1/sessions',
    operation: 'createSession',
    summary: 'Opens a session for a browser.',
    status: 201,
    body: createBody,
    answer: sessionAnswer,
    codes: ['request_unknown', 'query_invalid', 'option_invalid', 'issuer_unreachable', 'sessions_exhausted'],
    // Written out or by name: createSession checks it as it does those of the configuration.
    run: (verifier, { request, ...body }) =>
      verifier.createSession({ ...body, request: request as string | RequestDefinition }),
  }),
  {
    method: 'GET',
    path: '/v1/sessions/{id}',
    operation: 'readSession',
    summary: 'The state of a session.',
    status: 200,
    answer: stateAnswer,
    codes: ['session_unknown'],
    run: (verifier, { id }) => verifier.session(id),
  },
  route({
    method: 'POST',
    path: '/v1/results',
    operation: 'readResult',
    summary: 'The verified result of a code, once, for the browser that began its session.',
    status: 200,
    body: codeBody,
    answer: resultAnswer,
    codes: ['result_unknown', 'result_wrong_browser', 'result_wrong_session', 'result_already_read'],
    run: (verifier, { code, cookie, session }) => verifier.getResult({ code, cookie, session }),
  }),
  route({
    method: 'POST',
    path: '/v1/visits',
    operation: 'readVisit',
    summary: 'What the visitor with this cookie has proved here; empty for anybody else.',
    status: 200,
    body: visitBody,
    answer: visitAnswer,
    codes: [],
    run: async (verifier, { cookie }) => (await verifier.visit(cookie)) ?? { results: {} },
  }),
  route({
    method: 'POST',
    path: '/v1/forget',
    operation: 'forget',
    summary: 'Forgets the authenticators of an account, and ends its visits: for "delete account".',
    status: 200,
    body: forgetBody,
    answer: z.object({}).meta({ id: 'Forgotten' }),
    codes: [],
    run: (verifier, { nullifier }) => verifier.forget(nullifier),
  }),
]

/** Ties what a route does to the type of its own body. */
function route<B extends z.ZodType>({
  run,
  ...rest
}: Omit<ApiRoute, 'body' | 'run'> & {
  readonly body: B
  readonly run: (verifier: Verifier, body: z.output<B>) => Promise<unknown>
}): ApiRoute {
  // Parsed by this very shape before.
  return { ...rest, run: (verifier, { body }) => run(verifier, body as z.output<B>) }
}
