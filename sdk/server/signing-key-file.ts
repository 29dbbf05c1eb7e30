import { createECDH, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { calculateJwkThumbprint } from 'jose'
import { z } from 'zod'
import { fromBase64url, randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { base64urlOf, parse, secondsShape } from '../../src/protocol/parse.ts'
import { serverError } from './error-codes.ts'
import { isFileError } from './whole-file.ts'

const jwkShape = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64urlOf(32),
  y: base64urlOf(32),
  d: base64urlOf(32),
  kid: z.string().min(1).max(64),
})

const fileShape = z.strictObject({
  version: z.literal(1),
  secret: base64urlOf(32),
  /** Newest first. As many as a site may publish. */
  keys: z
    .array(z.strictObject({ signsFrom: secondsShape, jwk: jwkShape }))
    .min(1)
    .max(8),
})

/** One ES256 key of a site, with its private half. */
export type StoredKey = {
  /** Unix seconds: from then on it signs, until a newer one does. */
  readonly signsFrom: number
  readonly jwk: z.infer<typeof jwkShape>
}

/** What the file of the signing keys holds. */
export type KeyRing = {
  /** 32 bytes from which the keys of everything but signatures are derived. A rotation leaves it as it is. */
  readonly secret: Uint8Array
  /** Newest first. */
  readonly keys: readonly StoredKey[]
}

/**
 * Reads a ring's text: a ring, or a single private JWK as earlier versions wrote it; then `secret` is its `d`. `name`
 * tells in messages where the text is from. Throws `signing_key_invalid`, also for halves that do not belong together.
 */
export function parseKeyRing(text: string, name: string): KeyRing {
  const ring = readForms(text)
  if (!ring) throw serverError('signing_key_invalid', `${name} holds no signing keys`)
  for (const { jwk } of ring.keys) privateKeyOf(jwk, name)
  return ring
}

/** The file of a ring; undefined where there is none. Throws `signing_key_permissions` and `signing_key_invalid`. */
export function readKeyRing(path: string): KeyRing | undefined {
  let text: string
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw serverError('signing_key_permissions', `others can read the signing key at ${path}: chmod 600 it`)
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined
    throw error
  }
  return parseKeyRing(text, `the file at ${path}`)
}

/** Inverse of {@link parseKeyRing}. */
export function serializeKeyRing({ secret, keys }: KeyRing): string {
  return `${JSON.stringify({ version: 1, secret: toBase64url(secret), keys }, undefined, 2)}\n`
}

/** A ring with one key that signs from the beginning. */
export async function makeKeyRing(): Promise<KeyRing> {
  return { secret: randomBytes(32), keys: [await makeStoredKey(0)] }
}

/** `signsFrom` in Unix seconds. */
export async function makeStoredKey(signsFrom: number): Promise<StoredKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const exported = privateKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: exported.x ?? '', y: exported.y ?? '' })
  return { signsFrom, jwk: parse(jwkShape, { ...exported, kid }, 'signing_key_invalid') }
}

/** Throws `signing_key_invalid` where x and y are not those of d. */
export function privateKeyOf({ kty, crv, x, y, d }: StoredKey['jwk'], name: string): KeyObject {
  try {
    // What makes a key object of a JWK does not compare its halves.
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(Buffer.from(d, 'base64url'))
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
    if (!pair.getPublicKey().equals(point)) throw new Error('its halves do not belong together')
    return createPrivateKey({ format: 'jwk', key: { kty, crv, x, y, d } })
  } catch (cause) {
    throw serverError('signing_key_invalid', `a key of ${name} is not usable`, { cause })
  }
}

function readForms(text: string): KeyRing | undefined {
  const value = parseJson(text)
  const ring = fileShape.safeParse(value)
  if (ring.success) return { secret: fromBase64url(ring.data.secret), keys: ring.data.keys }
  const jwk = jwkShape.safeParse(value)
  return jwk.success ? { secret: fromBase64url(jwk.data.d), keys: [{ signsFrom: 0, jwk: jwk.data }] } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
