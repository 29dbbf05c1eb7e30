import { hkdfSync, sign } from 'node:crypto'
import { statSync } from 'node:fs'
import type { JWK } from 'jose'
import { toBase64url, utf8 } from '../../src/protocol/bytes.ts'
import { CLOCK_TOLERANCE, MAX_REQUEST_SECONDS, REQUEST_TYPE } from '../../src/protocol/request.ts'
import { serverError } from './error-codes.ts'
import type { SigningKeyOption } from './options.ts'
import {
  type KeyRing,
  makeKeyRing,
  makeStoredKey,
  parseKeyRing,
  privateKeyOf,
  readKeyRing,
  type StoredKey,
  serializeKeyRing,
} from './signing-key-file.ts'
import { createWholeFile, replaceWholeFile } from './whole-file.ts'

/** The keys that sign a site's requests, and those derived from the secret beside them. */
export type SigningKey = {
  /** What is published at the site's well-known address: the keys that sign, have signed, or soon will. */
  publicJwks(): readonly JWK[]
  /** A compact JWS (RFC 7515, ES256) over a request, by the key whose time it is. */
  sign(payload: Record<string, unknown>): string
  /** 32 bytes for the HMAC under which names stand in the audit log; the database alone has it not. */
  readonly auditKey: Uint8Array
  /** 32 bytes for the HMAC that makes the codes of results. */
  readonly codeKey: Uint8Array
}

/** How long a key is published before it signs: in that time every process of the site has read the file again. */
const LEAD_SECONDS = 30
const REREAD_MS = 5_000

/** When every session is over that a key signed before the next one took over, in seconds after that. */
const OVERLAP_SECONDS = MAX_REQUEST_SECONDS + CLOCK_TOLERANCE

/**
 * Reads the signing keys, or makes a file of them if there is none: mode 0600, in a folder made with 0700. A file that is
 * changed later (`rotateSigningKey`) is noticed within five seconds. Throws `signing_key_permissions` if others can
 * read it, `signing_key_invalid` if it is something else.
 */
export async function loadSigningKey(
  option: SigningKeyOption,
  { clock, onError = () => {}, onChange = () => {} }: SigningKeyObserver,
): Promise<SigningKey> {
  const ring = 'json' in option ? parseKeyRing(option.json, 'signingKey.json') : await readOrMake(option.path)
  const current = 'json' in option ? () => ring : watched(ring, option.path, onError, onChange)
  const derive = (label: string) => new Uint8Array(hkdfSync('sha256', ring.secret, '', `touchstone/v1/${label}`, 32))
  const signerOf = rememberingSigners()
  return {
    publicJwks: () =>
      current()
        .keys.filter(isPublished(clock))
        .map(({ jwk }) => publicJwk(jwk)),
    sign: (payload) => signerOf(signingKeyAt(current(), nowOf(clock)))(payload),
    auditKey: derive('audit'),
    codeKey: derive('code'),
  }
}

type SigningKeyObserver = {
  readonly clock: () => Date
  /** Is told that a changed file cannot be read; the keys from before stay in use. */
  readonly onError?: (error: unknown) => void
  /** Is told that the file has changed. */
  readonly onChange?: () => void
}

/**
 * Puts a new key into the file at `path`. It is published at once, and signs thirty seconds later. The key before it
 * is published for as long as a request that it signed may live; what is older than that is dropped here. With
 * `immediately`, for a key that was stolen, the new one takes the place of all: sessions that are open are lost. The
 * secret beside the keys stays in either case (docs/ledger.md, "Another secret").
 * Throws as {@link loadSigningKey}, and `signing_key_invalid` where there is no file, or too many rotations at once.
 */
export async function rotateSigningKey(
  path: string,
  { clock = () => new Date(), immediately = false }: { clock?: () => Date; immediately?: boolean } = {},
): Promise<{ readonly kid: string; readonly signsFrom: Date }> {
  const ring = readKeyRing(path)
  if (!ring) throw serverError('signing_key_invalid', `there is no signing key at ${path} to take the place of`)
  const rotated = await rotateKeyRing(ring, `the file at ${path}`, { clock, immediately, leadSeconds: LEAD_SECONDS })
  replaceWholeFile(path, serializeKeyRing(rotated.ring))
  const { kid, signsFrom } = rotated
  return { kid, signsFrom }
}

/** A ring with a new key, and the same secret: {@link rotateSigningKey} for one that is in no file. */
export async function rotateKeyRing(
  ring: KeyRing,
  name: string,
  { clock, immediately, leadSeconds }: { clock: () => Date; immediately: boolean; leadSeconds: number },
): Promise<{ readonly ring: KeyRing; readonly kid: string; readonly signsFrom: Date }> {
  const next = await makeStoredKey(immediately ? 0 : Math.ceil(nowOf(clock)) + leadSeconds)
  const kept = immediately ? [] : ring.keys.filter(isPublished(clock))
  if (kept.length >= MAX_PUBLISHED) {
    throw serverError('signing_key_invalid', `${name} has too many keys in use; wait some minutes`)
  }
  return {
    ring: { secret: ring.secret, keys: [next, ...kept] },
    kid: next.jwk.kid,
    signsFrom: immediately ? clock() : new Date(next.signsFrom * 1000),
  }
}

/** Wallets read no more (protocol/relying-party.ts). */
const MAX_PUBLISHED = 8

async function readOrMake(path: string): Promise<KeyRing> {
  const found = readKeyRing(path)
  if (found) return found
  createWholeFile(path, serializeKeyRing(await makeKeyRing()))
  const made = readKeyRing(path)
  if (!made) throw serverError('signing_key_invalid', `the signing key at ${path} is gone`)
  return made
}

/** The ring as the file has it now. The file is looked at when a key is used, every five seconds at most. */
function watched(first: KeyRing, path: string, onError: (error: unknown) => void, onChange: () => void): () => KeyRing {
  let ring = first
  let mark = markOf(path)
  let lookedAt = performance.now()
  return () => {
    if (performance.now() - lookedAt < REREAD_MS) return ring
    lookedAt = performance.now()
    const found = markOf(path)
    if (found === mark) return ring
    mark = found
    try {
      const read = readKeyRing(path)
      if (!read) throw serverError('signing_key_invalid', `the signing key at ${path} is gone`)
      if (!Buffer.from(read.secret).equals(first.secret)) {
        throw serverError('signing_key_invalid', `the secret in ${path} has changed; it takes effect at the next start`)
      }
      ring = read
      onChange()
    } catch (error) {
      onError(error)
    }
    return ring
  }
}

/** Another text for another file or another content. */
function markOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.ino} ${found.mtimeMs} ${found.size} ${found.mode}` : ''
}

/** The newest key whose time has come. */
function signingKeyAt({ keys }: KeyRing, now: number): StoredKey {
  const found = keys.find(({ signsFrom }) => signsFrom <= now) ?? keys.at(-1)
  if (!found) throw serverError('signing_key_invalid', 'there is no signing key')
  return found
}

/** Whether a wallet may still meet a signature by the key: until the last request before its successor's time is over. */
function isPublished(clock: () => Date) {
  const now = nowOf(clock)
  return (_key: StoredKey, place: number, keys: readonly StoredKey[]) => {
    const next = keys[place - 1]
    return !next || now < next.signsFrom + OVERLAP_SECONDS
  }
}

function nowOf(clock: () => Date): number {
  return clock().getTime() / 1000
}

function publicJwk({ x, y, kid }: StoredKey['jwk']): JWK {
  return { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }
}

/** Node's own signing, on this thread: less than half the processor time of a round trip through WebCrypto's threads. */
function rememberingSigners() {
  const signers = new WeakMap<StoredKey, (payload: Record<string, unknown>) => string>()
  return (stored: StoredKey) => {
    const known = signers.get(stored)
    if (known) return known
    const { kid } = stored.jwk
    const key = privateKeyOf(stored.jwk, 'signingKey')
    const header = toBase64url(utf8(JSON.stringify({ alg: 'ES256', typ: REQUEST_TYPE, kid })))
    const signer = (payload: Record<string, unknown>) => {
      const content = `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
      const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' })
      return `${content}.${signature.toString('base64url')}`
    }
    signers.set(stored, signer)
    return signer
  }
}
