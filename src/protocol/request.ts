import { decodeProtectedHeader, importJWK, type JWK, type JWTVerifyResult, jwtVerify } from 'jose'
import { z } from 'zod'
import { toBase64url, utf8 } from './bytes.ts'
import { type Context, contextOf } from './context.ts'
import { type Day, toDay } from './day.ts'
import { DIGEST_TAGS, digest } from './digest.ts'
import { ProtocolError } from './error.ts'
import type { FieldElement } from './field.ts'
import type { Origin } from './origin.ts'
import { base64urlOf, dayShape, identifierShape, originShape, parse, secondsShape, shownText } from './parse.ts'
import { type Query, queryShape } from './query.ts'

/** `typ` of a request's JWS header. */
export const REQUEST_TYPE = 'touchstone-request+jwt'

/** Clocks may differ by this many seconds. */
export const CLOCK_TOLERANCE = 60

/** The longest life of a request, in seconds. */
export const MAX_REQUEST_SECONDS = 600

/** A request as its relying party signed it (ES256 JWS, RFC 7515, RFC 7519). */
export type PresentationRequest = {
  readonly version: 1
  /** The relying party's origin. */
  readonly iss: Origin
  /** Unix seconds. */
  readonly iat: number
  readonly exp: number
  /** 32 random bytes, base64url. */
  readonly nonce: string
  /** The session's name at the relying party. */
  readonly session: string
  /** Hash of the key set the proofs must be made under, base64url. */
  readonly keySet: string
  /** The relying party's UTC day, by which validity and ages are decided. */
  readonly today: Day
  /** Where the wallet posts the presentation; on the relying party's origin. */
  readonly responseUri: string
  /** Where the wallet sends the browser afterwards when no window waits for it; on the relying party's origin. */
  readonly returnUri: string
  /** Why the relying party asks, in its own words; a wallet shows them as such. See {@link purposeShape}. */
  readonly purpose?: string | undefined
  readonly query: Query
}

/** A request whose signature, origin and life have been checked. */
export type VerifiedRequest = {
  readonly payload: PresentationRequest
  /** ctx of every proof that answers it. */
  readonly context: FieldElement
}

/** The longest `purpose`, in UTF-16 units. */
export const MAX_PURPOSE_CHARACTERS = 80

/** One short line, with nothing in it that is not shown and no space around it. */
export const purposeShape = shownText(MAX_PURPOSE_CHARACTERS).refine(
  (text) => text === text.trim(),
  'begins or ends with a space',
)

const requestShape = z
  .strictObject({
    version: z.literal(1),
    iss: originShape,
    iat: secondsShape,
    exp: secondsShape,
    nonce: base64urlOf(32),
    session: identifierShape,
    keySet: base64urlOf(32),
    today: dayShape.transform(toDay),
    responseUri: z.string().max(512),
    returnUri: z.string().max(512),
    purpose: purposeShape.optional(),
    query: queryShape,
  })
  .refine((request) => onOrigin(request.responseUri, request.iss) && onOrigin(request.returnUri, request.iss))
  .refine(({ iat, exp }) => exp > iat && exp - iat <= MAX_REQUEST_SECONDS)

/** Throws `request_invalid`. Signature and life are {@link verifyRequest}'s to check. */
export function parseRequest(value: unknown): PresentationRequest {
  return parse(requestShape, value, 'request_invalid')
}

/**
 * Checks a compact JWS against the relying party's published keys. `expectedOrigin` comes from the browser (the
 * sender of the message, or the origin the keys were fetched from), never from the request.
 * Throws `request_unsigned`, `request_signature`, `request_expired` (also for one from the future: the clocks disagree),
 * `request_origin`, `request_invalid`.
 */
export async function verifyRequest(options: {
  jws: string
  keys: readonly JWK[]
  expectedOrigin: Origin
  now: Date
}): Promise<VerifiedRequest> {
  const { jws, keys, expectedOrigin, now } = options
  const { payload } = await checkSignature(jws, keys, now)
  const request = parseRequest(payload)
  if (request.iss !== expectedOrigin) {
    throw new ProtocolError('request_origin', `${expectedOrigin} sent a request that speaks for another origin`)
  }
  if (request.iat > now.getTime() / 1000 + CLOCK_TOLERANCE) {
    throw new ProtocolError('request_expired', 'the request is from the future: the clocks disagree')
  }
  return { payload: request, context: requestContext(jws, request) }
}

/** The context of a request: the wallet computes it from the JWS it got, the verifier from the one it made. */
export function requestContext(jws: string, request: PresentationRequest): FieldElement {
  const context: Context = {
    origin: request.iss,
    nonce: request.nonce,
    session: request.session,
    requestHash: toBase64url(digest(DIGEST_TAGS.request, utf8(jws))),
    keySet: request.keySet,
    expires: request.exp,
  }
  return contextOf('present', context)
}

async function checkSignature(jws: string, keys: readonly JWK[], now: Date): Promise<JWTVerifyResult> {
  const keyId = headerKeyId(jws)
  const jwk = keys.find((key) => key.kid === keyId)
  if (!jwk) throw new ProtocolError('request_signature', 'the site does not publish the key that signed its request')
  try {
    return await jwtVerify(jws, await importJWK(jwk, 'ES256'), {
      algorithms: ['ES256'],
      typ: REQUEST_TYPE,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: now,
      requiredClaims: ['iss', 'iat', 'exp'],
    })
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'ERR_JWT_EXPIRED') throw new ProtocolError('request_expired', 'the request has expired', { cause })
    throw new ProtocolError('request_signature', 'the signature of the request does not match', { cause })
  }
}

function headerKeyId(jws: string): string {
  try {
    const { alg, kid } = decodeProtectedHeader(jws)
    if (alg === 'ES256' && typeof kid === 'string') return kid
  } catch {
    // Falls through: whatever cannot be read is not signed.
  }
  throw new ProtocolError('request_unsigned', 'the request is not an ES256 JWS with a key id')
}

function errorCode(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
}

function onOrigin(uri: string, origin: Origin): boolean {
  return URL.canParse(uri) && new URL(uri).origin === origin
}
