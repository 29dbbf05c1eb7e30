import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { type Day, dayOf, formatDay, parseDay, toDay } from '../../src/protocol/day.ts'
import { encodeField, type FieldElement, toField } from '../../src/protocol/field.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import { type IssuerSignature, isIssuerKey, verifyIssuerSignature } from '../../src/protocol/issuer-signature.ts'
import { readOrCreateSecret, SecretFileError } from './secret-file.ts'

// The package's ES module build does not load in Node; its CommonJS build does.
const eddsa: typeof import('@zk-kit/eddsa-poseidon') = createRequire(import.meta.url)('@zk-kit/eddsa-poseidon/blake-1')

/** An issuer's key pair; the private half stays inside. */
export type SigningKey = {
  readonly published: IssuerKey
  /** EdDSA over Poseidon on Baby Jubjub, as circomlib's EdDSAPoseidonVerifier checks it. */
  readonly sign: (message: FieldElement) => IssuerSignature
}

const KEY_FILE = 'signing-key.json'
const PRIVATE_BYTES = 32
const VALID_DAYS = 2 * 365

const keyShape = z.strictObject({
  version: z.literal(1),
  privateKey: z.string().regex(new RegExp(`^[0-9a-f]{${2 * PRIVATE_BYTES}}$`)),
  notBefore: z.string().transform(parseDay),
  notAfter: z.string().transform(parseDay),
})

/**
 * Reads the key from `<directory>/signing-key.json`, made at the first start from 32 random bytes and valid for
 * credentials issued from that day and for two years. Throws {@link SecretFileError}.
 */
export function loadSigningKey(options: { directory: string; now: Date }): SigningKey {
  const { directory, now } = options
  const text = readOrCreateSecret({ directory, file: KEY_FILE, create: () => newKey(dayOf(now)) })
  const { privateKey, notBefore, notAfter } = parseKey(text)
  const [x, y] = eddsa.derivePublicKey(privateKey)
  const point: IssuerKey['point'] = [toField(x), toField(y)]
  if (!isIssuerKey(point)) throw new SecretFileError('key_corrupt', `${KEY_FILE} holds no usable key`)
  return {
    published: { keyId: encodeField(point[0]).slice(0, 16), point, notBefore, notAfter },
    sign: (message) => sign(privateKey, point, message),
  }
}

function sign(privateKey: Buffer, point: IssuerKey['point'], message: FieldElement): IssuerSignature {
  const { R8, S } = eddsa.signMessage(privateKey, message)
  const signature: IssuerSignature = { r8: [toField(R8[0]), toField(R8[1])], s: S }
  // The library is not ours: a signature that our own check refuses must never reach a wallet.
  if (!verifyIssuerSignature(point, message, signature)) throw new Error('the signature just made does not verify')
  return signature
}

function newKey(today: Day): string {
  return JSON.stringify({
    version: 1,
    privateKey: randomBytes(PRIVATE_BYTES).toString('hex'),
    notBefore: formatDay(today),
    notAfter: formatDay(toDay(today + VALID_DAYS)),
  })
}

function parseKey(text: string): { privateKey: Buffer; notBefore: Day; notAfter: Day } {
  try {
    const { privateKey, notBefore, notAfter } = keyShape.parse(JSON.parse(text))
    return { privateKey: Buffer.from(privateKey, 'hex'), notBefore, notAfter }
  } catch {
    // Without the cause: a parser's message may quote what it read.
    throw new SecretFileError('key_corrupt', `${KEY_FILE} is not a signing key`)
  }
}
