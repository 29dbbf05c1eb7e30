import { randomBytes } from '../protocol/bytes.ts'
import { canonicalJson } from '../protocol/digest.ts'
import type { RecordKey } from './derive.ts'
import { VaultError } from './error.ts'

/** What is kept sealed. */
export const COLLECTIONS = ['credentials', 'activity'] as const

export type Collection = (typeof COLLECTIONS)[number]

/** A record as it lies in storage. Collection, id and length are visible; the content is not. */
export type SealedRecord = {
  readonly collection: Collection
  readonly id: string
  /** Version of the sealing, 1. */
  readonly version: number
  /** 96 random bits, new with every write. */
  readonly iv: Uint8Array<ArrayBuffer>
  /** AES-256-GCM with its 16-byte tag. */
  readonly ciphertext: Uint8Array<ArrayBuffer>
}

export const RECORD_VERSION = 1

const IV_BYTES = 12

/** Seals a JSON value. Throws `json_not_canonical` (a ProtocolError) for what JSON cannot say. */
export async function sealRecord(
  key: RecordKey,
  { collection, id, value }: { collection: Collection; id: string; value: unknown },
  random: (length: number) => Uint8Array<ArrayBuffer> = randomBytes,
): Promise<SealedRecord> {
  const iv = random(IV_BYTES)
  const plaintext = canonicalJson(value)
  const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(collection, id, RECORD_VERSION) }
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext))
  plaintext.fill(0)
  return { collection, id, version: RECORD_VERSION, iv, ciphertext }
}

/**
 * Opens a record that storage returned for this place. Throws `record_corrupt` for one that was changed, that lies in
 * another place than it was sealed for, or that another vault sealed. An older record of the same place still opens.
 */
export async function openRecord(
  key: RecordKey,
  place: { collection: Collection; id: string },
  record: SealedRecord,
): Promise<unknown> {
  const additional = additionalData(place.collection, place.id, record.version)
  try {
    const algorithm = { name: 'AES-GCM', iv: record.iv, additionalData: additional }
    const plaintext = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, record.ciphertext))
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext))
    plaintext.fill(0)
    return value
  } catch (cause) {
    throw new VaultError('record_corrupt', `a sealed record of ${place.collection} does not open`, { cause })
  }
}

/** A JSON array, so no two places have the same bytes. */
function additionalData(collection: Collection, id: string, version: number): Uint8Array<ArrayBuffer> {
  return canonicalJson(['touchstone/v1/vault/record', collection, id, version])
}
