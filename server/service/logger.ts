import { type DestinationStream, type Logger, pino } from 'pino'
import { errorCodeOf } from '../error-code.ts'

/**
 * Lines of JSON. What identifies a person or lets somebody act (cookies, codes, nullifiers, bodies, keys) is never given
 * to it: requests are logged by method, the pattern of their route and their status; errors by code, message and stack.
 * The redaction beneath is for what slips through.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service: 'touchstone' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFacts, error: errorFacts },
      redact: { paths: REDACTED, censor: '[redacted]' },
    },
    destination,
  )
}

const NAMES = [
  'authorization',
  'body',
  'code',
  'cookie',
  'headers',
  'jws',
  'nullifier',
  'password',
  'presentation',
  'proof',
  'secret',
  'setCookie',
]

/** Down to three levels: nothing that is logged here is deeper. */
const REDACTED = NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Of an error what its maker wrote, and where; none of the values it carries. */
function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  const errorCode = errorCodeOf(error)
  return {
    type: name,
    ...(errorCode !== undefined && { errorCode }),
    message,
    stack,
    ...(cause !== undefined && { cause: errorFacts(cause) }),
  }
}
