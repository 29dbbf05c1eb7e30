import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { createEngine, type Engine } from '../engine/load.ts'
import { type KeySetManifest, type KeySetOrigin, keySetHash } from '../protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId } from '../protocol/signals.ts'
import type { VerificationKey } from './pairing-key.ts'
import { loadVerificationKey } from './verification-key.ts'
import { VerifierError } from './verifier-error.ts'

/** The verification keys of one key set, checked. `hash` is its name in requests and presentations. */
export type KeySet = {
  readonly hash: string
  readonly origin: KeySetOrigin
  readonly keys: Readonly<Record<CircuitId, VerificationKey>>
}

/** Where a key set is loaded from. */
export type KeySetSource = {
  readonly manifest: KeySetManifest
  /** The bytes of the file that the key set's folder has for a circuit. */
  readonly readVerificationKey: (circuit: CircuitId) => Promise<Uint8Array>
  readonly allowDevelopment?: boolean | undefined
}

/**
 * Loads the verification key of every circuit that this version speaks. What
 * `readVerificationKey` throws is thrown on.
 *
 * Throws {@link VerifierError} `key_set_development` unless `allowDevelopment` is set: anyone can forge under such
 * keys. Further `key_missing`, `key_hash_mismatch`, `key_invalid`, `key_unsafe`.
 */
export async function loadKeySet(options: KeySetSource): Promise<KeySet> {
  const { manifest, readVerificationKey, allowDevelopment = false } = options
  if (manifest.origin === 'development' && !allowDevelopment) {
    throw new VerifierError('key_set_development', 'development keys are public: anyone can forge under them')
  }
  // One for all keys, and for no other: it goes when the set goes.
  const engine = await createEngine()
  const loaded = await Promise.all(
    CIRCUIT_IDS.map(
      async (circuit) => [circuit, await loadListedKey(manifest, circuit, { readVerificationKey, engine })] as const,
    ),
  )
  // Object.fromEntries widens the keys it was given.
  const keys = Object.fromEntries(loaded) as Record<CircuitId, VerificationKey>
  return { hash: keySetHash(manifest), origin: manifest.origin, keys }
}

async function loadListedKey(
  manifest: KeySetManifest,
  circuit: CircuitId,
  { readVerificationKey, engine }: Pick<KeySetSource, 'readVerificationKey'> & { engine: Engine },
): Promise<VerificationKey> {
  const listed = Object.hasOwn(manifest.circuits, circuit) ? manifest.circuits[circuit] : undefined
  if (!listed) throw new VerifierError('key_missing', `the key set has no circuit ${circuit}`)
  const bytes = await readVerificationKey(circuit)
  if (bytesToHex(sha256(bytes)) !== listed.verificationKey) {
    throw new VerifierError('key_hash_mismatch', `the verification key of ${circuit} is not the one in the manifest`)
  }
  return loadVerificationKey(parseJson(bytes, circuit), { circuit, engine })
}

function parseJson(bytes: Uint8Array, circuit: CircuitId): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new VerifierError('key_invalid', `the verification key of ${circuit} is not JSON`, { cause })
  }
}
