import { ProtocolError } from '../protocol/error.ts'
import {
  type ArtefactKind,
  artefactFile,
  type KeySetCircuit,
  type KeySetManifest,
  keySetCircuit,
  keySetHash,
  MANIFEST_FILE,
  parseKeySetManifest,
} from '../protocol/key-set.ts'
import type { ArtefactCache } from './artefact-cache.ts'
import type { ArtefactSource } from './artefact-source.ts'
import { ProverError } from './prover-error.ts'

export type KeySetFiles = {
  /** The one key set that is accepted, by its hash. */
  keySetHash: string
  source: ArtefactSource
  cache?: ArtefactCache | undefined
}

export type LoadOptions = {
  signal?: AbortSignal | undefined
  /** Bytes that came over the network since the last call; never called for what the cache held. */
  onBytes?: ((count: number) => void) | undefined
}

/**
 * The manifest of the pinned key set. Throws {@link ProverError} `key_set_mismatch` when the source offers another
 * one, which is refused whatever it holds: a crafted proving key would read the witness out of the proof.
 */
export async function loadManifest(files: KeySetFiles, options: LoadOptions = {}): Promise<KeySetManifest> {
  const cached = await files.cache?.read(files.keySetHash)
  const known = cached && readManifest(cached, files.keySetHash)
  if (known) return known
  if (cached) await files.cache?.delete(files.keySetHash)
  const bytes = await files.source.read(MANIFEST_FILE, { limit: MANIFEST_LIMIT, signal: options.signal })
  const manifest = readManifest(bytes, files.keySetHash)
  if (!manifest) {
    throw new ProverError('key_set_mismatch', `the manifest is not that of the pinned key set ${files.keySetHash}`)
  }
  await remember(files.cache, files.keySetHash, bytes)
  return manifest
}

/**
 * One file of the key set, from the cache or else from the source, its SHA-256 checked either way. A cache entry that
 * does not match is deleted and the file fetched anew. Throws `artefact_corrupt` when the source's bytes do not match,
 * `artefact_unreachable` when there are none, `circuit_unknown` when the key set has no such circuit.
 */
export async function loadArtefact(
  files: KeySetFiles,
  manifest: KeySetManifest,
  { circuit, kind, signal, onBytes }: LoadOptions & { circuit: string; kind: ArtefactKind },
): Promise<Uint8Array<ArrayBuffer>> {
  const { hash, limit } = expected(manifest, circuit, kind)
  const cached = await files.cache?.read(hash)
  if (cached) {
    if ((await sha256Hex(cached)) === hash) return cached
    await files.cache?.delete(hash)
  }
  signal?.throwIfAborted()
  const file = artefactFile(circuit, kind)
  const bytes = await files.source.read(file, { limit, signal, onBytes })
  if ((await sha256Hex(bytes)) !== hash) {
    throw new ProverError('artefact_corrupt', `${file} does not have the hash that the key set lists`)
  }
  await remember(files.cache, hash, bytes)
  return bytes
}

/** What the key set says of a circuit. Throws {@link ProverError} `circuit_unknown` when it says nothing. */
export function listedCircuit(manifest: KeySetManifest, circuit: string): KeySetCircuit {
  try {
    return keySetCircuit(manifest, circuit)
  } catch (cause) {
    throw new ProverError('circuit_unknown', `the key set has no circuit ${circuit}`, { cause })
  }
}

/** A verification key has some two hundred bytes for each public signal. */
const VERIFICATION_KEY_LIMIT = 1 << 18
const MANIFEST_LIMIT = 1 << 16

function expected(manifest: KeySetManifest, circuit: string, kind: ArtefactKind): { hash: string; limit: number } {
  const entry = listedCircuit(manifest, circuit)
  const limits = { wasm: entry.wasmBytes, zkey: entry.zkeyBytes, verificationKey: VERIFICATION_KEY_LIMIT }
  return { hash: entry[kind], limit: limits[kind] }
}

function readManifest(bytes: Uint8Array, hash: string): KeySetManifest | undefined {
  try {
    const manifest = parseKeySetManifest(JSON.parse(new TextDecoder().decode(bytes)))
    return keySetHash(manifest) === hash ? manifest : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ProtocolError) return undefined
    throw error
  }
}

async function remember(cache: ArtefactCache | undefined, hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await cache?.write(hash, bytes)
  } catch {
    // Storage may be full or denied. The bytes are at hand and checked; the price is to fetch them again next time.
  }
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
