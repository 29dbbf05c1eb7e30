import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { parseField } from '../../src/protocol/field.ts'
import { hashBearer, readBrowserCookie, readVisitCookie, setVisitCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { decodeResult, hmacName, type Name, personOf, type VerifiedResult } from './result.ts'
import { INLINE_REQUEST } from './sessions.ts'
import type { NewVisit, TakenResult } from './store/store.ts'

/** A result that this browser's visit holds. */
export type VisitResult = VerifiedResult & {
  /** When it was read, in Unix seconds. */
  readonly readAt: number
}

/** What this browser has shown here and still counts: all of it of one person. */
export type Visit = {
  /** Who is signed in; absent unless a `login` item was answered. */
  readonly login?: Name
  /** By the names of the requests that they answer. */
  readonly results: Readonly<Record<string, VisitResult>>
}

/** A result as a visit keeps it: `result` as the store had it. */
type Kept = { readonly session: string; readonly request: string; readonly result: string; readonly readAt: number }

/** What the browser that sent `cookie` (its Cookie header) has shown here; undefined for one that has shown nothing. */
export async function findVisit(deployment: Deployment, cookie: string | undefined | null): Promise<Visit | undefined> {
  const kept = await findKept(deployment, cookie)
  if (kept.length === 0) return undefined
  const results: Record<string, VisitResult> = Object.create(null)
  for (const { readAt, ...each } of kept) {
    results[each.request] = { ...decodeResult(each), readAt: Math.floor(readAt / 1000) }
  }
  const login = Object.values(results).find((result) => result.login)?.login
  return login ? { login, results } : { results }
}

/**
 * Reads the result of a code into the visit of the browser that brought it, in one transaction, under a new cookie: one
 * that somebody planted or saw before is of no use afterwards. What the visit held before stays if it is of the same
 * person, by the login name, and is dropped if it may be of another. Throws as `Verifier.getResult`, and
 * `result_without_visit` for a request that was written out: all such have one name, and a guard could not tell them apart.
 */
export async function readIntoVisit(
  deployment: Deployment,
  { code, cookie }: { code: string; cookie: string | undefined },
): Promise<{ result: VerifiedResult; setCookie: string }> {
  const { store, config, signingKey, emit } = deployment
  const token = toBase64url(randomBytes(32))
  const before = readVisitCookie(cookie)
  const replaces = before === undefined ? undefined : hashBearer(before)
  const older = await findKept(deployment, cookie)
  const now = config.clock().getTime()
  const visit = ({ sessionId, requestName, result }: TakenResult, isGoingOn: boolean): NewVisit => {
    const newest: Kept = { session: sessionId, request: requestName, result, readAt: now }
    const person = personOf(result)
    // Signed out, or forgotten, since it was read above: it must not come back with the new one.
    const kept = (isGoingOn ? older : []).filter(
      (each) => each.request !== requestName && person !== undefined && personOf(each.result) === person,
    )
    return {
      tokenHash: hashBearer(token),
      results: seal(token, JSON.stringify([...kept, newest])),
      nameHmac: person === undefined ? null : hmacName(parseField(person), signingKey.auditKey),
      createdAt: now,
      expiresAt: now + config.visitSeconds * 1000,
    }
  }
  const taken = await store.takeResult({
    code,
    browser: readBrowserCookie(cookie),
    now,
    replaces,
    visit,
    entersVisit: (requestName) => requestName !== INLINE_REQUEST,
  })
  emit({ type: 'result_read', request: taken.requestName })
  return {
    result: decodeResult({ session: taken.sessionId, request: taken.requestName, result: taken.result }),
    setCookie: setVisitCookie(token, config.visitSeconds),
  }
}

/** Ends the browser's visit. The Set-Cookie header takes the cookie away. */
export async function endVisit({ store }: Deployment, cookie: string | undefined | null): Promise<string> {
  const token = readVisitCookie(cookie)
  if (token !== undefined) await store.endVisit(hashBearer(token))
  return setVisitCookie('', 0)
}

/** Each result for as long as a visit lives, from when it was read: one that is newer does not make it last longer. */
async function findKept({ store, config }: Deployment, cookie: string | undefined | null): Promise<Kept[]> {
  const token = readVisitCookie(cookie)
  if (token === undefined) return []
  const now = config.clock().getTime()
  const stored = await store.findVisit(hashBearer(token), now)
  if (!stored) return []
  // Authenticated under a key that only this server and this browser have had.
  const kept: Kept[] = JSON.parse(unseal(token, stored.results))
  return kept.filter(({ readAt }) => now < readAt + config.visitSeconds * 1000)
}

// Sealed under the cookie's value, of which the store has only the hash: who has the database alone has nobody's results.
const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

function seal(token: string, text: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, sealKey(token), iv)
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return sealed.toString('base64url')
}

function unseal(token: string, text: string): string {
  const sealed = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv(CIPHER, sealKey(token), sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
}

function sealKey(token: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', token, '', 'touchstone/v1/visit', 32))
}
