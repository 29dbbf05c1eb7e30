import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose'
import { toBase64url, utf8 } from '../protocol/bytes.ts'
import { DIGEST_TAGS, digest } from '../protocol/digest.ts'
import type { FieldElement } from '../protocol/field.ts'
import { type Origin, parseOrigin } from '../protocol/origin.ts'
import { parseRelyingPartyMetadata, RELYING_PARTY_METADATA_PATH } from '../protocol/relying-party.ts'
import { type PresentationRequest, verifyRequest } from '../protocol/request.ts'
import { todayOf, type WalletEnvironment } from './environment.ts'
import { fetchJson } from './fetch-json.ts'
import type { RequestSource, RequestView } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** A request that may be shown to the holder: signed by the site it came from, alive, and under the pinned key set. */
export type CheckedRequest = {
  readonly payload: PresentationRequest
  /** ctx of every proof that answers it. */
  readonly context: FieldElement
  /** From the browser, or the origin that served the keys. */
  readonly origin: Origin
  readonly transport: RequestView['transport']
  readonly keyId: string
  readonly requestHash: string
}

/**
 * Checks a request, in this order: where it comes from, the site's keys, signature, origin and life, key set, day.
 * A request that came by a link has no sender, so its origin is the one that serves the key which signed it.
 * Throws `request_unsigned`, `request_origin`, `site_unreachable`, `relying_party_invalid`, `relying_party_mismatch`,
 * `request_signature`, `request_expired`, `request_invalid`, `key_set_unknown`, `request_day`.
 */
export async function readRequest(
  environment: WalletEnvironment,
  source: RequestSource,
  signal: AbortSignal | undefined,
): Promise<CheckedRequest> {
  const { jws } = source
  const origin = source.origin === undefined ? issuerOf(jws) : senderOf(source.origin)
  const keys = await fetchKeys(environment, origin, signal)
  const now = new Date(environment.clock.now())
  const { payload, context } = await verifyRequest({ jws, keys, expectedOrigin: origin, now })
  if (payload.keySet !== environment.keySetHash) {
    throw new WalletError('key_set_unknown', `${origin} asks for a proof under a key set this wallet does not have`)
  }
  if (Math.abs(payload.today - todayOf(environment)) > 1) {
    throw new WalletError('request_day', `${origin} asks for a proof of another day than today`)
  }
  return {
    payload,
    context,
    origin,
    transport: source.origin === undefined ? 'link' : 'window',
    keyId: decodeProtectedHeader(jws).kid ?? '',
    requestHash: toBase64url(digest(DIGEST_TAGS.request, utf8(jws))),
  }
}

/** Whom an unverified request names. Only says where to fetch the keys from; the signature decides. */
function issuerOf(jws: string): Origin {
  try {
    return parseOrigin(decodeJwt(jws).iss ?? '')
  } catch (cause) {
    throw new WalletError('request_unsigned', 'the link carries no request that names its site', { cause })
  }
}

function senderOf(origin: string): Origin {
  try {
    return parseOrigin(origin)
  } catch (cause) {
    throw new WalletError('request_origin', 'the page that sent the request has no usable origin', { cause })
  }
}

async function fetchKeys(
  { fetch }: WalletEnvironment,
  origin: Origin,
  signal: AbortSignal | undefined,
): Promise<readonly JWK[]> {
  const unreachable = 'site_unreachable'
  const url = origin + RELYING_PARTY_METADATA_PATH
  const { ok, status, value } = await fetchJson({ fetch, url, unreachable, signal })
  if (!ok) throw new WalletError(unreachable, `${origin} publishes no keys: status ${status}`)
  return parseRelyingPartyMetadata(value, origin).keys
}
