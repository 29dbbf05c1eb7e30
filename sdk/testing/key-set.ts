import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from '../../src/protocol/bytes.ts'
import type { FieldElement } from '../../src/protocol/field.ts'
import { type KeySetManifest, type KeySetOrigin, keySetHash } from '../../src/protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { type Generators, loadGenerators } from './points.ts'
import { makeTrapdoor, simulateProof, verificationKeyJson } from './trapdoor.ts'

/** A key set under which whoever made it can prove anything, and a verifier finds every proof in order. */
export type TestKeySet = {
  /** Its name in requests and presentations. */
  readonly hash: string
  readonly manifest: KeySetManifest
  /** The verification keys, as the key set's folder has them. */
  readonly files: Readonly<Record<CircuitId, Uint8Array<ArrayBuffer>>>
  readonly readVerificationKey: (circuit: CircuitId) => Promise<Uint8Array>
  /** A proof of these public signals, true or not: 128 bytes, a quarter of a millisecond. */
  readonly simulate: (circuit: CircuitId, signals: readonly FieldElement[]) => Uint8Array<ArrayBuffer>
}

/**
 * A key set of fresh, known trapdoors. It lets a test put any signals behind a proof that verifies, without circuits,
 * proving keys or the seconds that a proof takes. Its origin is `development`: a verifier in production refuses it.
 */
export async function createTestKeySet(): Promise<TestKeySet> {
  return makeTestKeySet(await loadGenerators(), 'development')
}

export function makeTestKeySet(generators: Generators, origin: KeySetOrigin): TestKeySet {
  const trapdoors = perCircuit(makeTrapdoor)
  const files = perCircuit((circuit) => utf8(JSON.stringify(verificationKeyJson(generators, trapdoors[circuit]))))
  const manifest: KeySetManifest = {
    version: 1,
    origin,
    circuits: perCircuit((circuit) => ({
      compiler: 'none',
      rows: 1,
      r1cs: '0'.repeat(64),
      wasm: '0'.repeat(64),
      zkey: '0'.repeat(64),
      verificationKey: bytesToHex(sha256(files[circuit])),
      zkeyBytes: 1,
      wasmBytes: 1,
    })),
  }
  return {
    hash: keySetHash(manifest),
    manifest,
    files,
    readVerificationKey: async (circuit) => files[circuit],
    simulate: (circuit, signals) => simulateProof(generators, trapdoors[circuit], signals),
  }
}

function perCircuit<T>(make: (circuit: CircuitId) => T): Record<CircuitId, T> {
  // Object.fromEntries widens the keys it was given.
  return Object.fromEntries(CIRCUIT_IDS.map((circuit) => [circuit, make(circuit)])) as Record<CircuitId, T>
}
