import { z } from 'zod'
import { SERVER_ERROR_CODES } from '../../sdk/server/error-codes.ts'
import { PRESENTATION_STATUSES } from '../../src/verifier/status.ts'
import { API_ROUTES, type ApiRoute, COMMON_CODES } from './api.ts'
import { SERVICE_ERROR_CODES } from './service-error.ts'
import { statusOf } from './status-of.ts'

type Json = Readonly<Record<string, unknown>>

/** The description of the service's API as OpenAPI 3.1, made of the very schemas that requests are parsed by. */
export function openApiDocument(): Json {
  const { schemas } = z.toJSONSchema(schemaRegistry(), { uri: (id) => `#/components/schemas/${id}`, io: 'input' })
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of API_ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) }
  }
  for (const { path, method, operation } of OTHERS) paths[path] = { ...paths[path], [method]: operation }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Touchstone service',
      version: '1',
      description:
        'Sessions, verification and results for a site without the SDK. `/v1` is for the site’s own backend.',
    },
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ...Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plain(schema)])),
        Error: ERROR_SCHEMA,
      },
    },
  }
}

/** Every code that an answer of the service can have. */
function allErrorCodes(): string[] {
  const refusals = Object.values(PRESENTATION_STATUSES).map(({ code }) => code)
  return [...new Set([...Object.keys(SERVICE_ERROR_CODES), ...Object.keys(SERVER_ERROR_CODES), ...refusals])].sort()
}

const ERROR_SCHEMA: Json = {
  type: 'object',
  required: ['error', 'message', 'retryable'],
  properties: {
    error: { type: 'string', enum: allErrorCodes(), description: 'Stable; what to do is in docs/errors.md.' },
    message: { type: 'string', description: 'For developers, not for people at a screen.' },
    retryable: { type: 'boolean' },
  },
}

function schemaRegistry() {
  const registry = z.registry<{ id: string }>()
  for (const shape of API_ROUTES.flatMap(({ body, answer }) => (body ? [body, answer] : [answer]))) {
    registry.add(shape, { id: nameOf(shape) })
  }
  return registry
}

function nameOf(shape: z.ZodType): string {
  const id = shape.meta()?.id
  if (id === undefined) throw new TypeError('each schema of the API has a name')
  return id
}

/** Without what only a file of its own needs. */
function plain(schema: Json): Json {
  const { $schema: _schema, $id: _id, id: _name, ...rest } = schema
  return rest
}

function operationOf({ operation, summary, body, answer, status, codes, path }: ApiRoute): Json {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    operationId: operation,
    summary,
    tags: ['backend'],
    security: [{ apiKey: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, ...content(reference(nameOf(body))) } }),
    responses: {
      [status]: { description: 'Done.', ...content(reference(nameOf(answer))) },
      ...refusals([...COMMON_CODES, ...codes]),
    },
  }
}

/** One answer for each status, with the codes that it may carry. */
function refusals(codes: readonly string[]): Json {
  const byStatus = Map.groupBy(codes, statusOf)
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [
      status,
      { description: those.map((code) => `\`${code}\``).join(', '), ...content(reference('Error')) },
    ]),
  )
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` }
}

function content(schema: Json): Json {
  return { content: { 'application/json': { schema } } }
}

function described(tag: string, summary: string, codes: readonly string[], more: Json = {}): Json {
  return { tags: [tag], summary, responses: { 200: { description: 'Done.' }, ...refusals(codes) }, ...more }
}

const ID = { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] }
const ANY = ['rate_limited', 'method_not_allowed', 'internal_error', 'store_unavailable']
const FORMED = ['body_invalid', 'body_too_large', 'body_too_slow', 'content_type_invalid']

/** What is not of the backend: its form is given by docs/protocol.md, and read by the SDK. */
const OTHERS: readonly { readonly path: string; readonly method: string; readonly operation: Json }[] = [
  ...(
    [
      [
        '/touchstone/sessions',
        'post',
        'A page opens a session.',
        [...FORMED, 'origin_forbidden', 'request_unknown', 'query_invalid', 'issuer_unreachable', 'sessions_exhausted'],
      ],
      ['/touchstone/sessions/{id}', 'get', 'A page asks for the state.', ['session_unknown']],
      [
        '/touchstone/sessions/{id}/events',
        'get',
        'A page follows the state, by Server-Sent Events.',
        ['session_unknown', 'streams_exhausted'],
      ],
      [
        '/touchstone/sessions/{id}/state',
        'post',
        'A wallet says how far it is.',
        [...FORMED, 'origin_forbidden', 'session_unknown'],
      ],
      [
        '/touchstone/sessions/{id}/presentation',
        'post',
        'A wallet presents.',
        [
          ...FORMED,
          'origin_forbidden',
          'session_unknown',
          'presentation_invalid',
          'busy',
          'issuer_unreachable',
          ...Object.values(PRESENTATION_STATUSES).map(({ code }) => code),
        ],
      ],
      [
        '/touchstone/sessions/{id}/decline',
        'post',
        'A wallet says that its holder declined.',
        ['origin_forbidden', 'session_unknown', 'challenge_used', 'session_cancelled', 'session_expired'],
      ],
      [
        '/touchstone/result',
        'post',
        'A page makes a visit of a result.',
        [
          ...FORMED,
          'origin_forbidden',
          'result_unknown',
          'result_wrong_browser',
          'result_already_read',
          'result_without_visit',
        ],
      ],
      ['/touchstone/sign-out', 'post', 'A page ends the visit.', ['origin_forbidden']],
      ['/touchstone/button.js', 'get', 'The button’s script.', ['button_missing']],
      ['/.well-known/touchstone.json', 'get', 'The keys that sign requests.', []],
    ] as const
  ).map(([path, method, summary, codes]) => ({
    path,
    method,
    operation: described('pages and wallets', summary, [...ANY, ...codes], path.includes('{id}') ? ID : {}),
  })),
  { path: '/healthz', method: 'get', operation: described('operation', 'The process runs.', []) },
  {
    path: '/readyz',
    method: 'get',
    operation: described('operation', 'The service can do its work; the answer says which part cannot.', ['not_ready']),
  },
  {
    path: '/metrics',
    method: 'get',
    operation: described('operation', 'Metrics in the text format of Prometheus.', [
      'api_key_missing',
      'api_key_unknown',
    ]),
  },
  { path: '/openapi.json', method: 'get', operation: described('operation', 'This description.', []) },
]
