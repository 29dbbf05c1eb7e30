import { p256 } from '@noble/curves/nist.js'
import { calculateJwkThumbprint, importJWK, SignJWT } from 'jose'
import { z } from 'zod'
import { toBase64url } from '../../src/protocol/bytes.ts'
import type { PublicKey } from '../../src/protocol/public-key.ts'
import { STATUS_EPOCH_TYPE, type StatusEpoch, statusEpochClaims } from '../../src/protocol/status-history.ts'
import { readOrCreateSecret, SecretFileError } from './secret-file.ts'

/** The key pair that signs the epochs of a status list; the private half stays inside. */
export type StatusKey = {
  readonly published: PublicKey
  /** A compact ES256 JWS. */
  readonly sign: (epoch: StatusEpoch) => Promise<string>
}

const KEY_FILE = 'status-key.json'

const keyShape = z.strictObject({
  version: z.literal(1),
  privateKey: z.string().regex(/^[0-9a-f]{64}$/),
})

/**
 * Reads the P-256 key from `<directory>/status-key.json`, made at the first start. It is not the key that signs
 * credentials: this one is used every hour, by a server that stands in the network. Throws {@link SecretFileError}.
 */
export async function loadStatusKey(directory: string): Promise<StatusKey> {
  const privateKey = parseKey(readOrCreateSecret({ directory, file: KEY_FILE, create: newKey }))
  const point = p256.getPublicKey(privateKey, false)
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64url(point.subarray(1, 33)),
    y: toBase64url(point.subarray(33)),
  } as const
  const kid = await calculateJwkThumbprint(jwk)
  const signer = await importJWK({ ...jwk, d: toBase64url(privateKey) }, 'ES256')
  return {
    published: { ...jwk, kid, alg: 'ES256', use: 'sig' },
    sign: (epoch) =>
      new SignJWT(statusEpochClaims(epoch))
        .setProtectedHeader({ alg: 'ES256', typ: STATUS_EPOCH_TYPE, kid })
        .sign(signer),
  }
}

function newKey(): string {
  return JSON.stringify({ version: 1, privateKey: Buffer.from(p256.utils.randomSecretKey()).toString('hex') })
}

function parseKey(text: string): Uint8Array {
  try {
    const privateKey = Uint8Array.from(Buffer.from(keyShape.parse(JSON.parse(text)).privateKey, 'hex'))
    if (!p256.utils.isValidSecretKey(privateKey)) throw new Error('not below the order')
    return privateKey
  } catch {
    // Without the cause: a parser's message may quote what it read.
    throw new SecretFileError('key_corrupt', `${KEY_FILE} is not a status key`)
  }
}
