import { hkdfSync } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { z } from 'zod'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { base64urlOf } from '../../src/protocol/parse.ts'
import { REQUEST_TYPE } from '../../src/protocol/request.ts'
import { serverError } from './error-codes.ts'

/** The key that signs a site's requests. */
export type SigningKey = {
  /** As published at the site's well-known address. */
  readonly publicJwk: JWK
  /** A compact JWS over a request. */
  sign(payload: Record<string, unknown>): Promise<string>
  /** 32 bytes for the HMAC under which names stand in the audit log; from the same file, so the database alone has it not. */
  readonly auditKey: Uint8Array
}

/**
 * Reads the ES256 private key at `path` (a JWK), or makes one there if there is none: mode 0600, in a folder made with
 * 0700. Throws `signing_key_permissions` if others can read it, `signing_key_invalid` if it is something else.
 */
export async function loadSigningKey(path: string): Promise<SigningKey> {
  const jwk = readKey(path) ?? (await createKey(path))
  const { x, y, d, kid } = jwk
  const privateKey = await importJWK({ kty: 'EC', crv: 'P-256', x, y, d }, 'ES256').catch((cause: unknown) => {
    throw serverError('signing_key_invalid', `the signing key at ${path} is not usable`, { cause })
  })
  return {
    publicJwk: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' },
    sign: (payload) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: REQUEST_TYPE, kid }).sign(privateKey),
    auditKey: new Uint8Array(hkdfSync('sha256', Buffer.from(d, 'base64url'), '', 'touchstone/v1/audit', 32)),
  }
}

const keyShape = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64urlOf(32),
  y: base64urlOf(32),
  d: base64urlOf(32),
  kid: z.string().min(1).max(64),
})

type PrivateJwk = z.infer<typeof keyShape>

function readKey(path: string): PrivateJwk | undefined {
  let text: string
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw serverError('signing_key_permissions', `others can read the signing key at ${path}: chmod 600 it`)
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const parsed = keyShape.safeParse(parseJson(text))
  if (!parsed.success) throw serverError('signing_key_invalid', `the file at ${path} is no ES256 private JWK`)
  return parsed.data
}

async function createKey(path: string): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y, d } = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(privateKey)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // Written whole before it has its name: two processes that start together end up with one key.
  const draft = `${path}.${toBase64url(randomBytes(9))}.draft`
  writeFileSync(draft, JSON.stringify({ kty, crv, x, y, d, kid }), { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  const stored = readKey(path)
  if (!stored) throw serverError('signing_key_invalid', `the signing key at ${path} is gone`)
  return stored
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
