import { createEngine } from '../engine/load.ts'
import { release } from '../engine/release.ts'
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
import { ProvingKeyError } from '../proving-key/proving-key-error.ts'
import { type Decompressor, unpackProvingKey } from '../proving-key/unpack.ts'
import type { ArtefactCache } from './artefact-cache.ts'
import type { ArtefactSource } from './artefact-source.ts'
import { ProverError } from './prover-error.ts'

export type KeySetFiles = {
  /** The one key set that is accepted, by its hash. */
  keySetHash: string
  source: ArtefactSource
  cache?: ArtefactCache | undefined
  /** Other threads for the unpacking of keys. */
  decompressors?: readonly Decompressor[] | undefined
}

export type LoadOptions = {
  signal?: AbortSignal | undefined
  /** Bytes that came over the network since the last call; never called for what the cache held. */
  onBytes?: ((count: number) => void) | undefined
  /** A packed key has come whole and is being unpacked: how much of how much, in bytes. */
  onUnpack?: ((done: number, total: number) => void) | undefined
}

/** What can be asked for; that a key comes packed is between this file and its source. */
export type LoadedKind = Exclude<ArtefactKind, 'packed'>

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
 * does not match is deleted and the file fetched anew. A key comes packed where the key set has it so and the source is
 * remote; it is unpacked, checked and cached as the file that it is. Throws `artefact_corrupt` when the source's bytes
 * do not match, `artefact_unreachable` when there are none, `circuit_unknown` when the key set has no such circuit.
 */
export async function loadArtefact(
  files: KeySetFiles,
  manifest: KeySetManifest,
  { circuit, kind, ...options }: LoadOptions & { circuit: string; kind: LoadedKind },
): Promise<Uint8Array<ArrayBuffer>> {
  const entry = listedCircuit(manifest, circuit)
  const hash = entry[kind]
  const cached = await files.cache?.read(hash)
  if (cached) {
    if ((await sha256Hex(cached)) === hash) return cached
    await files.cache?.delete(hash)
  }
  options.signal?.throwIfAborted()
  const packed = kind === 'zkey' ? packedKey(files, entry) : undefined
  const bytes = packed
    ? await unpacked(await fetched(files, artefactFile(circuit, 'packed'), { ...options, ...packed }), entry, {
        ...options,
        others: files.decompressors,
      })
    : await fetched(files, artefactFile(circuit, kind), { ...options, sha256: hash, bytes: limitOf(entry, kind) })
  await remember(files.cache, hash, bytes)
  return bytes
}

/** Bytes that come over the network for a kind of file when the cache has none of it. */
export function downloadBytes(files: KeySetFiles, entry: KeySetCircuit, kind: 'wasm' | 'zkey'): number {
  return (kind === 'zkey' && packedKey(files, entry)?.bytes) || limitOf(entry, kind)
}

function packedKey({ source }: KeySetFiles, { packed }: KeySetCircuit): KeySetCircuit['packed'] {
  return source.remote ? packed : undefined
}

/** A file from the source, of at most `bytes` bytes and with the SHA-256 that the key set lists. */
async function fetched(
  { source }: KeySetFiles,
  file: string,
  { sha256, bytes: limit, signal, onBytes }: LoadOptions & { sha256: string; bytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.read(file, { limit, signal, onBytes })
  if ((await sha256Hex(bytes)) !== sha256) {
    throw new ProverError('artefact_corrupt', `${file} does not have the hash that the key set lists`)
  }
  return bytes
}

/** The key that was packed. Its own hash is checked as well: the packed form is trusted with nothing. */
async function unpacked(
  packed: Uint8Array<ArrayBuffer>,
  { zkey, zkeyBytes }: KeySetCircuit,
  { signal, onUnpack, others }: LoadOptions & { others: KeySetFiles['decompressors'] },
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = await unpackProvingKey(await createEngine(), packed, { zkeyBytes, signal, onProgress: onUnpack, others })
  } catch (cause) {
    if (!(cause instanceof ProvingKeyError)) throw cause
    throw new ProverError('artefact_corrupt', 'the packed key does not unpack', { cause })
  } finally {
    release(packed)
  }
  if ((await sha256Hex(bytes)) !== zkey) {
    throw new ProverError('artefact_corrupt', 'the packed key is not that of the key set')
  }
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

function limitOf({ wasmBytes, zkeyBytes }: KeySetCircuit, kind: LoadedKind): number {
  return { wasm: wasmBytes, zkey: zkeyBytes, verificationKey: VERIFICATION_KEY_LIMIT }[kind]
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
