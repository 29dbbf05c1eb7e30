import { createHash, timingSafeEqual } from 'node:crypto'
import { ServiceError } from './service-error.ts'

/** Lets a request pass whose Authorization header shows a key. Throws `api_key_missing`, `api_key_unknown`. */
export type ApiKeyCheck = (authorization: string | undefined) => void

const HASHED = /^sha256:([0-9a-f]{64})$/

/**
 * A check against API keys, each given as it is or as `sha256:` and its hash in hex. Only hashes are kept, and each is
 * compared in constant time, so that no answer's time tells how much of a key was right.
 */
export function createApiKeyCheck(keys: readonly string[]): ApiKeyCheck {
  const hashes = keys.map((key) => {
    const [, hex] = HASHED.exec(key) ?? []
    return hex === undefined ? sha256(key) : Buffer.from(hex, 'hex')
  })
  return (authorization) => {
    const [, shown] = /^Bearer ([\x21-\x7e]{8,256})$/i.exec(authorization ?? '') ?? []
    if (shown === undefined) throw new ServiceError('api_key_missing')
    const hash = sha256(shown)
    // All of them, whichever matches.
    const matches = hashes.map((known) => timingSafeEqual(known, hash))
    if (!matches.includes(true)) throw new ServiceError('api_key_unknown')
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
