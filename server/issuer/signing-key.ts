import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
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

/** All of an issuer's keys, and the one it signs with now. */
export type SigningKeys = {
  /** Newest first; the old ones too, for what they signed is still valid. */
  readonly published: readonly IssuerKey[]
  readonly current: SigningKey
}

const PRIVATE_BYTES = 32
const VALID_DAYS = 2 * 365

/** A key with fewer days left is followed by another at the next start. */
export const RENEW_DAYS = 90

const keyShape = z.strictObject({
  version: z.literal(1),
  privateKey: z.string().regex(new RegExp(`^[0-9a-f]{${2 * PRIVATE_BYTES}}$`)),
  notBefore: z.string().transform(parseDay),
  notAfter: z.string().transform(parseDay),
})

/**
 * Reads the keys from `<directory>/signing-key.json`, `signing-key-2.json` and so on. Each is made from 32 random bytes,
 * the first at the first start, the next when the newest ends within {@link RENEW_DAYS}; it is valid for credentials
 * issued from that day and for two years. Throws {@link SecretFileError}.
 */
export function loadSigningKeys({ directory, now }: { directory: string; now: Date }): SigningKeys {
  const today = dayOf(now)
  let newest = loadKey(directory, fileName(1), today)
  const keys = [newest]
  for (let number = 2; ; number++) {
    const isThere = existsSync(join(directory, fileName(number)))
    if (!isThere && newest.published.notAfter - today >= RENEW_DAYS) break
    newest = loadKey(directory, fileName(number), today)
    keys.unshift(newest)
  }
  const isValid = ({ published: { notBefore, notAfter } }: SigningKey) => notBefore <= today && today <= notAfter
  return { published: keys.map(({ published }) => published), current: keys.find(isValid) ?? newest }
}

function fileName(number: number): string {
  return number === 1 ? 'signing-key.json' : `signing-key-${number}.json`
}

function loadKey(directory: string, file: string, today: Day): SigningKey {
  const text = readOrCreateSecret({ directory, file, create: () => newKey(today) })
  const { privateKey, notBefore, notAfter } = parseKey(text, file)
  const [x, y] = eddsa.derivePublicKey(privateKey)
  const point: IssuerKey['point'] = [toField(x), toField(y)]
  if (!isIssuerKey(point)) throw new SecretFileError('key_corrupt', `${file} holds no usable key`)
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

function parseKey(text: string, file: string): { privateKey: Buffer; notBefore: Day; notAfter: Day } {
  try {
    const { privateKey, notBefore, notAfter } = keyShape.parse(JSON.parse(text))
    return { privateKey: Buffer.from(privateKey, 'hex'), notBefore, notAfter }
  } catch {
    // Without the cause: a parser's message may quote what it read.
    throw new SecretFileError('key_corrupt', `${file} is not a signing key`)
  }
}
