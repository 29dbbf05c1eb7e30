import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ARTEFACTS_PATH } from '../../src/protocol/artefacts-path.ts'
import { artefactFile, keySetHash, MANIFEST_FILE, parseKeySetManifest } from '../../src/protocol/key-set.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { base64urlOf } from '../../src/protocol/parse.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { parseWalletMetadata, WALLET_METADATA_PATH } from '../../src/protocol/wallet-metadata.ts'
import { type KeySetSource, loadKeySet } from '../../src/verifier/key-set.ts'
import { serverError } from './error-codes.ts'
import { isFolder, readKeySetFolder, writeKeySetFolder } from './key-set-folder.ts'
import type { FetchJson } from './loopback-fetch.ts'
import type { VerifierConfig } from './options.ts'
import { createWholeFile, isFileError } from './whole-file.ts'

const TIMEOUT_MS = 10_000

/** In the data folder: the key sets that the wallet named at the first start. */
const PIN_FILE = 'wallet-key-sets.json'
const FETCHED_FOLDER = 'key-sets'

const pinShape = z.strictObject({
  version: z.literal(1),
  walletOrigin: z.string(),
  keySets: z.array(base64urlOf(32)).min(1),
})

type WalletAccess = Pick<VerifierConfig, 'walletOrigin' | 'data' | 'fetch' | 'onError'>

/**
 * The key set of a hash: from the data folder, or else from the wallet's origin, each file checked against the manifest
 * and the manifest against the hash before any of it is kept. So it does not matter who served it.
 * Throws `key_set_unreachable` and `option_invalid`.
 */
export async function fetchKeySet(wallet: WalletAccess, hash: string): Promise<KeySetSource> {
  const directory = join(wallet.data, FETCHED_FOLDER, hash)
  if (!(await isFolder(directory))) await fetchInto(directory, hash, wallet)
  const source = await readKeySetFolder(directory)
  if (keySetHash(source.manifest) !== hash) {
    throw serverError('option_invalid', `keySets: ${directory} has been altered; remove it, and it is fetched anew`)
  }
  return source
}

/**
 * The hashes of the wallet's own key sets: as it named them at the first start, however often it names others later, for
 * who can change a wallet's host must not thereby change what this site believes.
 * Throws `key_set_changed` where it names others now, `key_set_unreachable` at a first start without an answer.
 */
export async function pinWalletKeySets(wallet: WalletAccess): Promise<readonly string[]> {
  const { walletOrigin, data, onError } = wallet
  const path = join(data, PIN_FILE)
  if (!(await readPin(path))) {
    const keySets = await askWallet(wallet)
    createWholeFile(path, JSON.stringify({ version: 1, walletOrigin, keySets }))
  }
  const pinned = await readPin(path)
  if (!pinned) throw serverError('option_invalid', `keySets: ${path} is gone`)
  if (pinned.walletOrigin !== walletOrigin) {
    throw serverError('key_set_changed', `keySets: ${path} is of another wallet than ${walletOrigin}; remove it`)
  }
  const current = await askWallet(wallet).catch((error: unknown) => {
    // What is pinned still counts, and the wallet may be up in a moment.
    onError(error)
    return pinned.keySets
  })
  if (current.join() === pinned.keySets.join()) return pinned.keySets
  throw serverError(
    'key_set_changed',
    `keySets: ${walletOrigin} now names ${current.join(', ')}, and at the first start ${pinned.keySets.join(', ')}; ` +
      `if you trust the change, remove ${path}, or name them in keySets`,
  )
}

async function readPin(path: string): Promise<z.infer<typeof pinShape> | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isFileError(error, 'ENOENT')) return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return pinShape.parse(JSON.parse(text))
  } catch (cause) {
    throw serverError('option_invalid', `keySets: ${path} is not what was written there; remove it`, { cause })
  }
}

async function askWallet({ walletOrigin, fetch }: WalletAccess): Promise<readonly string[]> {
  const url = walletOrigin + WALLET_METADATA_PATH
  const bytes = await get(fetch, url)
  return reading(url, () => parseWalletMetadata(parseJson(bytes)).keySets)
}

async function fetchInto(directory: string, hash: string, { walletOrigin, fetch }: WalletAccess): Promise<void> {
  const base = artefactsOf(walletOrigin, hash)
  const url = base + MANIFEST_FILE
  const bytes = await get(fetch, url)
  const manifest = reading(url, () => parseKeySetManifest(parseJson(bytes)))
  if (keySetHash(manifest) !== hash) {
    throw serverError('option_invalid', `keySets: ${url} is the manifest of another key set`)
  }
  const keys = new Map<CircuitId, Uint8Array>()
  for (const circuit of CIRCUIT_IDS) {
    keys.set(circuit, await get(fetch, base + artefactFile(circuit, 'verificationKey')))
  }
  // Whether development keys may be used is asked when it is loaded; here each file is held against the manifest.
  const readVerificationKey = async (circuit: CircuitId) => keys.get(circuit) ?? new Uint8Array()
  try {
    await loadKeySet({ manifest, readVerificationKey, allowDevelopment: true })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable'
    throw serverError('option_invalid', `keySets: what ${base} serves cannot be used: ${reason}`, { cause })
  }
  await writeKeySetFolder(directory, { manifest, keys })
}

function artefactsOf(walletOrigin: Origin, hash: string): string {
  return `${walletOrigin}${ARTEFACTS_PATH}/${hash}/`
}

async function get(fetch: FetchJson, url: string): Promise<Uint8Array> {
  let cause: unknown
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.ok) return new Uint8Array(await response.arrayBuffer())
    cause = new Error(`the answer is ${response.status}`)
  } catch (error) {
    cause = error
  }
  throw serverError('key_set_unreachable', `keySets: ${url} could not be fetched`, { cause })
}

function reading<T>(url: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable'
    throw serverError('option_invalid', `keySets: ${url} is not what belongs there: ${reason}`, { cause })
  }
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}
