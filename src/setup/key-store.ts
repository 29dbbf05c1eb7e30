import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine } from '../engine/load.ts'
import {
  artefactFile,
  isKeySetHash,
  type KeySetCircuit,
  type KeySetManifest,
  type KeySetOrigin,
  keySetHash,
  MANIFEST_FILE,
  parseKeySetManifest,
} from '../protocol/key-set.ts'
import { packProvingKey } from '../proving-key/pack.ts'
import { createEngineArithmetic } from './engine-arithmetic.ts'
import { exclusively } from './exclusive.ts'
import { makeKeyPair } from './proving-key.ts'
import { readR1cs } from './r1cs.ts'
import { SetupError } from './setup-error.ts'
import { developmentTrapdoor, randomTrapdoor } from './trapdoor.ts'

/** A compiled circuit, as far as keys depend on it. */
export type KeyCircuit = {
  id: string
  /** Compiler and flags, for the manifest. */
  compiler: string
  rows: number
  r1csPath: string
  wasmPath: string
}

/** Kinds of key sets that this set-up can make; a ceremony's comes from elsewhere. */
export type OwnOrigin = Exclude<KeySetOrigin, 'ceremony'>

export type KeyProgress = { circuit: string; done: number; total: number }

export type KeyStoreOptions = {
  origin: OwnOrigin
  /** The folder of key sets; made when missing. */
  directory: string
  /** Check every file's SHA-256 and not only its length. */
  verify?: boolean
  onProgress?: (progress: KeyProgress) => void
  signal?: AbortSignal
}

export type KeySet = {
  hash: string
  manifest: KeySetManifest
  /** Holds `manifest.json` and the artefacts: `<id>.wasm`, `<id>.zkey`, `<id>.zkey.packed`, `<id>.vkey.json`. */
  directory: string
  /** Whether this call has made it. */
  made: boolean
}

/** Names the newest key set of a folder. */
const CURRENT_FILE = 'current'

const MAKING_PREFIX = '.making-'
const LOCK_FILE = '.lock'

/**
 * The key set of these circuits in a folder, made when there is none for exactly these compiled files and this origin.
 * One process makes at a time and the others wait for what it makes. A key set appears under its name complete, by a
 * rename, or not at all.
 *
 * Throws {@link SetupError} `artefact_corrupt` when the folder's key set is not what its manifest says.
 */
export async function ensureKeySet(circuits: readonly KeyCircuit[], options: KeyStoreOptions): Promise<KeySet> {
  const inputs = await Promise.all(circuits.map(readInput))
  const find = (): Promise<KeySet | undefined> => findKeySet(inputs, options)
  await mkdir(options.directory, { recursive: true })
  const known = await find()
  if (known) return known
  return exclusively(
    join(options.directory, LOCK_FILE),
    async () => (await find()) ?? makeKeySet(inputs, options),
    options.signal,
  )
}

/**
 * The key set that a folder's `current` file names. Throws `key_set_missing` when there is none, `artefact_corrupt`
 * when its manifest has another hash or a file is missing, of another length or (with `verify`) of another hash.
 */
export async function openKeySet(directory: string, { verify = false }: { verify?: boolean } = {}): Promise<KeySet> {
  const hash = await readCurrent(directory)
  if (!hash) throw new SetupError('key_set_missing', `${directory} names no key set`)
  return checkKeySet(directory, hash, verify)
}

type Input = KeyCircuit & { r1cs: Uint8Array; r1csHash: string; wasm: Uint8Array; wasmHash: string }

async function readInput(circuit: KeyCircuit): Promise<Input> {
  const [r1cs, wasm] = await Promise.all([readFile(circuit.r1csPath), readFile(circuit.wasmPath)])
  return { ...circuit, r1cs, r1csHash: sha256Hex(r1cs), wasm, wasmHash: sha256Hex(wasm) }
}

async function findKeySet(inputs: readonly Input[], options: KeyStoreOptions): Promise<KeySet | undefined> {
  const { directory, origin, verify = false } = options
  const current = await readCurrent(directory)
  const names = (await readdir(directory)).filter(isKeySetHash)
  for (const hash of names.sort((a, b) => Number(b === current) - Number(a === current))) {
    const manifest = await readManifest(join(directory, hash), hash)
    if (manifest.origin !== origin || !isMadeFrom(manifest, inputs)) continue
    const keySet = await checkKeySet(directory, hash, verify)
    if (hash !== current) await writeCurrent(directory, hash)
    return keySet
  }
  return undefined
}

function isMadeFrom(manifest: KeySetManifest, inputs: readonly Input[]): boolean {
  if (Object.keys(manifest.circuits).length !== inputs.length) return false
  return inputs.every(({ id, compiler, r1csHash, wasmHash }) => {
    const entry = Object.hasOwn(manifest.circuits, id) ? manifest.circuits[id] : undefined
    // Development keys are the same everywhere, packed form and all; a deployment keeps those that it has.
    if (manifest.origin === 'development' && !entry?.packed) return false
    return entry?.r1cs === r1csHash && entry.wasm === wasmHash && entry.compiler === compiler
  })
}

async function makeKeySet(inputs: readonly Input[], options: KeyStoreOptions): Promise<KeySet> {
  const { directory, origin } = options
  // Whoever began these is gone: the lock is ours.
  for (const name of await readdir(directory)) {
    if (name.startsWith(MAKING_PREFIX)) await rm(join(directory, name), { recursive: true })
  }
  const making = await mkdtemp(join(directory, MAKING_PREFIX))
  try {
    const circuits = await makeFiles(inputs, making, options)
    const manifest: KeySetManifest = { version: 1, origin, circuits }
    await writeFile(join(making, MANIFEST_FILE), text(manifest))
    const hash = keySetHash(manifest)
    await rename(making, join(directory, hash))
    await writeCurrent(directory, hash)
    return { hash, manifest, directory: join(directory, hash), made: true }
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    throw error
  }
}

async function makeFiles(
  inputs: readonly Input[],
  folder: string,
  { origin, onProgress, signal }: KeyStoreOptions,
): Promise<Record<string, KeySetCircuit>> {
  const arithmetic = await createEngineArithmetic()
  const engine = await createEngine()
  const circuits: Record<string, KeySetCircuit> = {}
  for (const { id, compiler, rows, r1cs, r1csHash, wasm, wasmHash } of inputs) {
    const hashBytes = Buffer.from(r1csHash, 'hex')
    const { zkey, verificationKey } = await makeKeyPair({
      r1cs: readR1cs(r1cs),
      r1csHash: hashBytes,
      trapdoor: origin === 'development' ? developmentTrapdoor(hashBytes) : randomTrapdoor(),
      arithmetic,
      onProgress: (done, total) => {
        signal?.throwIfAborted()
        onProgress?.({ circuit: id, done, total })
      },
    })
    const packed = packProvingKey(engine, zkey)
    const key = text(verificationKey)
    await writeFile(join(folder, artefactFile(id, 'zkey')), zkey)
    await writeFile(join(folder, artefactFile(id, 'packed')), packed)
    await writeFile(join(folder, artefactFile(id, 'wasm')), wasm)
    await writeFile(join(folder, artefactFile(id, 'verificationKey')), key)
    circuits[id] = {
      compiler,
      rows,
      r1cs: r1csHash,
      wasm: wasmHash,
      zkey: sha256Hex(zkey),
      verificationKey: sha256Hex(key),
      zkeyBytes: zkey.length,
      wasmBytes: wasm.length,
      packed: { sha256: sha256Hex(packed), bytes: packed.length },
    }
  }
  return circuits
}

async function checkKeySet(directory: string, hash: string, verify: boolean): Promise<KeySet> {
  const folder = join(directory, hash)
  const manifest = await readManifest(folder, hash)
  for (const [id, entry] of Object.entries(manifest.circuits)) {
    await checkFile(folder, artefactFile(id, 'zkey'), { bytes: entry.zkeyBytes, hash: verify && entry.zkey })
    await checkFile(folder, artefactFile(id, 'wasm'), { bytes: entry.wasmBytes, hash: verify && entry.wasm })
    const { packed } = entry
    if (packed) {
      await checkFile(folder, artefactFile(id, 'packed'), { bytes: packed.bytes, hash: verify && packed.sha256 })
    }
    // A few kilobytes: always by hash.
    await checkFile(folder, artefactFile(id, 'verificationKey'), { hash: entry.verificationKey })
  }
  return { hash, manifest, directory: folder, made: false }
}

async function checkFile(
  folder: string,
  file: string,
  { bytes, hash }: { bytes?: number; hash: string | false },
): Promise<void> {
  const path = join(folder, file)
  const found = await stat(path).catch((cause) => {
    throw new SetupError('artefact_corrupt', `${path} is missing`, { cause })
  })
  if (bytes !== undefined && found.size !== bytes) {
    throw new SetupError('artefact_corrupt', `${path} has ${found.size} bytes, its manifest says ${bytes}`)
  }
  if (hash && sha256Hex(await readFile(path)) !== hash) {
    throw new SetupError('artefact_corrupt', `${path} does not have the hash that its manifest says`)
  }
}

async function readManifest(folder: string, hash: string): Promise<KeySetManifest> {
  const path = join(folder, MANIFEST_FILE)
  let manifest: KeySetManifest
  try {
    manifest = parseKeySetManifest(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new SetupError('artefact_corrupt', `${path} is no manifest of a key set`, { cause })
  }
  if (keySetHash(manifest) !== hash) throw new SetupError('artefact_corrupt', `${path} is another key set's`)
  return manifest
}

async function readCurrent(directory: string): Promise<string | undefined> {
  try {
    const hash = (await readFile(join(directory, CURRENT_FILE), 'utf8')).trim()
    return isKeySetHash(hash) ? hash : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function writeCurrent(directory: string, hash: string): Promise<void> {
  const temporary = join(directory, `${MAKING_PREFIX}${CURRENT_FILE}-${process.pid}`)
  await writeFile(temporary, Buffer.from(`${hash}\n`))
  await rename(temporary, join(directory, CURRENT_FILE))
}

/** Reaches the disk before it returns, so that a rename never gives a name to bytes that a power cut can take back. */
async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

function text(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
