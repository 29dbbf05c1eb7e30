import { MAX_PRESENTATION_BYTES } from '../../src/protocol/presentation.ts'
import { PRESENTATION_STATUSES, type RefusalStatus } from '../../src/verifier/status.ts'
import { TouchstoneError } from '../touchstone-error.ts'

export type ErrorCodeEntry = {
  /** HTTP status where the code is an answer to a request. */
  readonly status: number
  readonly retryable: boolean
  /** What it means and what to do. */
  readonly advice: string
}

/** Every code of the server part that is not a refused presentation (those are {@link PRESENTATION_STATUSES}). */
export const SERVER_ERROR_CODES = {
  option_invalid: row(500, false, 'An option of `createVerifier` is wrong; the message names it.'),
  signing_key_permissions: row(500, false, 'Others can read the file of the signing key. `chmod 600` it.'),
  signing_key_invalid: row(
    500,
    false,
    'What `signingKey` names holds no signing keys: neither what `createVerifier` makes there nor an ES256 private JWK.',
  ),
  key_set_unreachable: row(
    500,
    true,
    'The wallet’s origin did not serve what is needed at the start. Is the wallet up, and `walletOrigin` right?',
  ),
  key_set_changed: row(
    500,
    false,
    'The wallet names other key sets than at the first start. Only if you trust the change: name them in `keySets`.',
  ),
  query_invalid: row(500, false, 'A request asks what cannot be answered, or must not be asked; the message says why.'),
  request_unknown: row(400, false, 'No request of this name was given to `createVerifier`.'),
  body_invalid: row(400, false, 'The body is not the JSON that belongs here.'),
  presentation_invalid: row(400, false, 'The presentation is not of the form that docs/protocol.md gives.'),
  origin_forbidden: row(403, false, 'The page that asked is neither the site’s nor the wallet’s, as the case may be.'),
  button_missing: row(
    404,
    false,
    'The button is not built. In the repository, `npm run build:sdk` does; the package has it.',
  ),
  session_unknown: row(404, false, 'No such session, or it belongs to another browser.'),
  method_not_allowed: row(405, false, 'The address exists; the method does not.'),
  body_too_slow: row(408, true, 'The body did not come within ten seconds.'),
  body_too_large: row(413, false, `The body has more than ${MAX_PRESENTATION_BYTES / 1024} KB.`),
  content_type_invalid: row(415, false, 'Send `content-type: application/json`.'),
  body_already_read: row(
    500,
    false,
    'A body parser has read the body before the SDK. Put the SDK before it: `app.use(touchstone(verifier))` comes first.',
  ),
  result_unknown: row(404, false, 'No result belongs to this code, or it has not been fetched in five minutes.'),
  result_wrong_browser: row(403, false, 'The code was brought by another browser than began the session.'),
  result_wrong_session: row(
    403,
    false,
    'The code is of another session than the one that was expected; it stays unread.',
  ),
  result_without_visit: row(
    409,
    false,
    'The request was written out for `createSession` and has no name to be kept by. Read its result by `getResult`.',
  ),
  presentation_required: row(
    401,
    false,
    'This browser’s visit has no result of the request named by `request`, or too old a one. Offer the button.',
  ),
  result_already_read: row(409, false, 'The result was read before. It can be read once.'),
  issuer_unreachable: row(
    503,
    true,
    'What an issuer publishes could not be fetched, or its status list is out of date. Is the issuer up?',
  ),
  busy: row(
    503,
    true,
    'Too much is under way, another presentation of this session is, or the check took too long. Come again after `Retry-After`.',
  ),
  sessions_exhausted: row(
    503,
    true,
    'This browser has begun 32 sessions that are not past their time. Come again after `Retry-After`; a page should begin one at a click.',
  ),
  streams_exhausted: row(
    503,
    true,
    'Too many event streams are open, of this session or in all. Poll `GET /touchstone/sessions/<id>`; the SDK’s page does.',
  ),
  store_unavailable: row(
    503,
    true,
    'The database cannot be reached or written: is it up, is its disk full, may it be written? `touchstone doctor` looks.',
  ),
  audit_broken: row(
    500,
    false,
    'The audit log was changed by somebody without its key. `touchstone ledger export` and `ledger verify`, find out who, then `ledger acknowledge`.',
  ),
  audit_key_mismatch: row(
    500,
    false,
    'This store’s audit log belongs to another secret. Give the signing key that belongs to the store. If the secret is lost or stolen: docs/ledger.md, "Another secret".',
  ),
  internal_error: row(500, true, 'Something broke; the server’s log has the cause.'),
} as const satisfies Record<string, ErrorCodeEntry>

export type ServerErrorCode = keyof typeof SERVER_ERROR_CODES

/** HTTP status of those refusals of a presentation that are not 422: they concern its session, not its content. */
const REFUSAL_HTTP_STATUS: Partial<Record<RefusalStatus, number>> = {
  SESSION_EXPIRED: 410,
  SESSION_CANCELLED: 410,
  CHALLENGE_USED: 409,
  NULLIFIER_USED: 409,
  DEVICE_UNKNOWN: 403,
}

export function serverError(
  code: ServerErrorCode,
  message?: string,
  options: { cause?: unknown; retryAfterSeconds?: number } = {},
) {
  const { retryable, advice } = SERVER_ERROR_CODES[code]
  return new TouchstoneError(code, message ?? advice, { retryable, ...options })
}

/** A refused presentation as an error. */
export function refusalError(status: RefusalStatus): TouchstoneError {
  const { code, retryable, advice } = PRESENTATION_STATUSES[status]
  return new TouchstoneError(code, advice, { retryable })
}

/** An error as the body of an answer. */
export function errorBody({ code, message, retryable }: TouchstoneError) {
  return { error: code, message, retryable }
}

/** The HTTP status that goes with a code. */
export function httpStatusOf(code: string): number {
  if (Object.hasOwn(SERVER_ERROR_CODES, code)) {
    // It is one of them: `hasOwn` has just said so, and says nothing to the compiler.
    return SERVER_ERROR_CODES[code as ServerErrorCode].status
  }
  for (const [status, entry] of Object.entries(PRESENTATION_STATUSES)) {
    // Object.entries widens the keys it was given.
    if (entry.code === code) return REFUSAL_HTTP_STATUS[status as RefusalStatus] ?? 422
  }
  return 500
}

function row(status: number, retryable: boolean, advice: string): ErrorCodeEntry {
  return { status, retryable, advice }
}
