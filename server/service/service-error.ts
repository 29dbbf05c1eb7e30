/** Codes that the service adds to those of the SDK, with HTTP status and what to do. */
export const SERVICE_ERROR_CODES = {
  api_key_missing: { status: 401, retryable: false, advice: 'Send `Authorization: Bearer` with an API key.' },
  api_key_unknown: { status: 401, retryable: false, advice: 'The API key is none of this service.' },
  route_unknown: { status: 404, retryable: false, advice: 'The service has no such address; `/openapi.json` has all.' },
  rate_limited: { status: 429, retryable: true, advice: 'Too many requests; `Retry-After` says when to come back.' },
  not_ready: {
    status: 503,
    retryable: true,
    advice: 'A part that the service needs cannot do its work now; `parts` says which.',
  },
} as const

export type ServiceErrorCode = keyof typeof SERVICE_ERROR_CODES

/** A request that the service itself refuses. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ServiceErrorCode
  /** What Fastify answers with. */
  readonly statusCode: number
  readonly retryable: boolean

  constructor(code: ServiceErrorCode) {
    const { status, retryable, advice } = SERVICE_ERROR_CODES[code]
    super(advice)
    this.code = code
    this.statusCode = status
    this.retryable = retryable
  }
}
