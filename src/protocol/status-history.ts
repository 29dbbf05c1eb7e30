import { decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import { z } from 'zod'
import type { UnixSeconds } from './day.ts'
import { ProtocolError } from './error.ts'
import { encodeField, type FieldElement } from './field.ts'
import { type IssuerKey, issuerKeysShape, serializeIssuerKeys } from './issuer.ts'
import type { Origin } from './origin.ts'
import { fieldShape, originShape, parse, secondsShape } from './parse.ts'

/** Where an issuer publishes its {@link StatusHistory}, below its origin. */
export const STATUS_HISTORY_PATH = '/.well-known/touchstone-status.json'

/** Where it serves the list of one epoch, as STATUS_LIST_BYTES bytes. */
export function statusListPath(epoch: number): string {
  return `/.well-known/touchstone-status/${epoch}`
}

/** `typ` of an epoch's JWS header. */
export const STATUS_EPOCH_TYPE = 'touchstone-status+jwt'

/** Epochs that a history has at most: the newest, and those that may still be accepted. */
export const MAX_EPOCHS = 128

/** Bytes of a history as it is served, at most: readers take no longer answer. */
export const MAX_HISTORY_BYTES = 262_144

/**
 * One state of an issuer, as it signed it: all that its leaves behind `issuersRoot` are made of. So a key that is added
 * or withdrawn takes effect as a changed list does, for wallet and verifier alike.
 */
export type StatusEpoch = {
  readonly issuer: Origin
  /** 1, 2, 3 …: each takes the place of the one before. */
  readonly epoch: number
  /** Of `statusTree` over the list. */
  readonly root: FieldElement
  /** 1 to 16, each usable: their credentials can be proved against this epoch. */
  readonly keys: readonly IssuerKey[]
  /** Unix seconds. */
  readonly publishedAt: UnixSeconds
}

/** An epoch, and the moment the next one took its place; undefined for the newest. */
export type DatedEpoch = StatusEpoch & { readonly supersededAt: UnixSeconds | undefined }

/** The newest epochs of an issuer, newest first, without a hole. */
export type StatusHistory = readonly DatedEpoch[]

const historyShape = z.strictObject({
  version: z.literal(1),
  /** Compact JWS (RFC 7515), newest first. */
  epochs: z.array(z.string().max(8192)).min(1).max(MAX_EPOCHS),
})

const epochNumberShape = z.int().min(1)

const epochShape = z.strictObject({
  version: z.literal(1),
  iss: originShape,
  epoch: epochNumberShape,
  iat: secondsShape,
  root: fieldShape,
  keys: issuerKeysShape,
})

/** The claims of an epoch's JWS. */
export function statusEpochClaims({ issuer, epoch, root, keys, publishedAt }: StatusEpoch) {
  return {
    version: 1,
    iss: issuer,
    epoch,
    iat: publishedAt,
    root: encodeField(root),
    keys: serializeIssuerKeys(keys),
  }
}

/** The JSON form of a history: the signed epochs, newest first. */
export function serializeStatusHistory(epochs: readonly string[]) {
  return { version: 1, epochs }
}

/**
 * Parses what an issuer serves, and checks each signature against the status keys of its metadata. When an epoch was
 * superseded follows from the next one's signed time; a hole in the numbers, or a time that runs backwards, is refused.
 * Throws `status_history_invalid`.
 */
export async function parseStatusHistory(
  value: unknown,
  issuer: { readonly origin: Origin; readonly statusKeys: readonly JWK[] },
): Promise<StatusHistory> {
  const { epochs: signed } = parse(historyShape, value, 'status_history_invalid')
  const epochs: StatusEpoch[] = []
  // One after another: each waits for its signature, and meanwhile others have their turn. All at once, sixteen new keys in
  // each of them would be one piece of work of half a second.
  for (const jws of signed) epochs.push(await readEpoch(jws, issuer))
  return epochs.map((epoch, place) => {
    const next = epochs[place - 1]
    if (next && (next.epoch !== epoch.epoch + 1 || next.publishedAt < epoch.publishedAt)) {
      throw new ProtocolError('status_history_invalid', 'the epochs of the status list do not follow one another')
    }
    return { ...epoch, supersededAt: next?.publishedAt }
  })
}

async function readEpoch(
  jws: string,
  { origin, statusKeys }: { origin: Origin; statusKeys: readonly JWK[] },
): Promise<StatusEpoch> {
  const payload = await verifiedPayload(jws, statusKeys)
  const { iss, epoch, iat, root, keys } = parse(epochShape, payload, 'status_history_invalid')
  if (iss !== origin) throw new ProtocolError('status_history_invalid', `${origin} serves the list of another issuer`)
  return { issuer: iss, epoch, root, keys, publishedAt: iat as UnixSeconds }
}

async function verifiedPayload(jws: string, keys: readonly JWK[]): Promise<unknown> {
  try {
    const { kid } = decodeProtectedHeader(jws)
    const jwk = keys.find((key) => key.kid === kid)
    if (!jwk) throw new Error('the key is not published')
    const options = { algorithms: ['ES256'], typ: STATUS_EPOCH_TYPE }
    return (await jwtVerify(jws, await importJWK(jwk, 'ES256'), options)).payload
  } catch (cause) {
    throw new ProtocolError('status_history_invalid', 'the signature of a status epoch does not match', { cause })
  }
}

/**
 * Whether an issuer takes back what it published `before`: it has fewer epochs `now`, or says otherwise of one that both
 * have. An epoch is signed once; a second one of its number is made for somebody, or the issuer's records were lost.
 */
export function isRewritten(before: StatusHistory, now: StatusHistory): boolean {
  const last = (history: StatusHistory) => history[0]?.epoch ?? 0
  const textOf = (epoch: StatusEpoch) => JSON.stringify(statusEpochClaims(epoch))
  return (
    last(now) < last(before) ||
    now.some((epoch) => {
      const known = before.find((candidate) => candidate.epoch === epoch.epoch)
      return known !== undefined && textOf(known) !== textOf(epoch)
    })
  )
}

/** Whether an epoch may be proved against now. */
export type EpochVerdict = 'ACCEPTED' | 'UNKNOWN' | 'SUPERSEDED' | 'STALE'

/**
 * The rule for the age of a list. The newest epoch is accepted while it is not older than `maxAge`; an older one for
 * `grace` after it was superseded, for a proof takes its time and a list may change under it. `tolerance`: how far clocks
 * may disagree. All in seconds.
 */
export function judgeEpoch(
  history: StatusHistory,
  epoch: number,
  rule: { readonly now: number; readonly maxAge: number; readonly grace: number; readonly tolerance: number },
): EpochVerdict {
  const known = history.find((candidate) => candidate.epoch === epoch)
  const { now, maxAge, grace, tolerance } = rule
  if (!known || known.publishedAt > now + tolerance) return 'UNKNOWN'
  if (known.supersededAt !== undefined && now > known.supersededAt + grace) return 'SUPERSEDED'
  return now > known.publishedAt + maxAge + tolerance ? 'STALE' : 'ACCEPTED'
}
