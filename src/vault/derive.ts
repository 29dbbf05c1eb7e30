import { type FieldElement, reduceToField } from '../protocol/field.ts'
import { VaultError } from './error.ts'
import { HKDF_LABELS, hkdf } from './hkdf.ts'

/** 32 random bytes, made once, that everything else comes from. */
export type MasterSecret = Uint8Array<ArrayBuffer> & { readonly __brand: 'MasterSecret' }

/** AES-256-GCM, not extractable: seals records. */
export type RecordKey = CryptoKey & { readonly __brand: 'RecordKey' }

/** HMAC-SHA-256, not extractable: marks the vault file. */
export type FileMacKey = CryptoKey & { readonly __brand: 'FileMacKey' }

export const MASTER_SECRET_BYTES = 32

const HOLDER_SECRET_BYTES = 48
const NO_SALT = new Uint8Array(0)

/** Brands 32 bytes. Throws `vault_tampered` for another length. */
export function toMasterSecret(bytes: Uint8Array<ArrayBuffer>): MasterSecret {
  if (bytes.length !== MASTER_SECRET_BYTES) {
    throw new VaultError('vault_tampered', `the master secret has ${bytes.length} bytes, not ${MASTER_SECRET_BYTES}`)
  }
  return bytes as MasterSecret
}

/** s, the holder secret of every proof: 48 bytes of HKDF reduced modulo the field order (docs/protocol.md, Hashes). */
export async function deriveHolderSecret(master: MasterSecret): Promise<FieldElement> {
  const bytes = await hkdf(await importMaster(master), NO_SALT, HKDF_LABELS.holderSecret, HOLDER_SECRET_BYTES)
  try {
    return holderSecretFromBytes(bytes)
  } finally {
    bytes.fill(0)
  }
}

/** Big-endian bytes reduced modulo the field order. Throws `holder_secret_zero`, for every zero is the same person. */
export function holderSecretFromBytes(bytes: Uint8Array): FieldElement {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  const secret = reduceToField(value)
  if (secret === 0n) throw new VaultError('holder_secret_zero', 'the holder secret must not be zero')
  return secret
}

/** The key that seals this vault's records. */
export async function deriveRecordKey(master: MasterSecret): Promise<RecordKey> {
  const bytes = await hkdf(await importMaster(master), NO_SALT, HKDF_LABELS.recordKey, 32)
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  bytes.fill(0)
  return key as RecordKey
}

/** The key that marks this vault's file. */
export async function deriveFileMacKey(master: MasterSecret): Promise<FileMacKey> {
  const bytes = await hkdf(await importMaster(master), NO_SALT, HKDF_LABELS.fileMac, 32)
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  bytes.fill(0)
  return key as FileMacKey
}

async function importMaster(master: MasterSecret): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', master, 'HKDF', false, ['deriveBits'])
}
