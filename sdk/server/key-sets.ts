import { isKeySetHash } from '../../src/protocol/key-set.ts'
import { type KeySet, type KeySetSource, loadKeySet } from '../../src/verifier/key-set.ts'
import { TouchstoneError } from '../touchstone-error.ts'
import { serverError } from './error-codes.ts'
import { readKeySetFolder } from './key-set-folder.ts'
import type { KeySetOption, VerifierConfig } from './options.ts'
import { fetchKeySet, pinWalletKeySets } from './wallet-key-sets.ts'

/** The key sets under which proofs are accepted. */
export type KeySets = {
  /** The one that sessions ask for. */
  readonly first: KeySet
  /** Undefined where the key set does not count, or no longer. */
  find(hash: string): KeySet | undefined
  /** The same, for whatever else loads them. */
  readonly sources: readonly KeySetSource[]
}

type KeySetOptions = Pick<
  VerifierConfig,
  'keySets' | 'walletOrigin' | 'data' | 'fetch' | 'onError' | 'allowDevelopmentKeys'
>

/**
 * Loads every key set that the option names, or the wallet's own where it names none. Throws `option_invalid` (the
 * message begins with `keySets` and says which), `key_set_unreachable` and `key_set_changed`.
 */
export async function loadKeySets(options: KeySetOptions): Promise<KeySets> {
  const named: readonly KeySetOption[] = options.keySets ?? (await pinWalletKeySets(options))
  const loaded = new Map<string, KeySet>()
  const sources: KeySetSource[] = []
  for (const [index, option] of named.entries()) {
    const { source, keySet } = await loadOne(options, option, index)
    if (loaded.has(keySet.hash)) continue
    loaded.set(keySet.hash, keySet)
    sources.push(source)
  }
  const [first] = loaded.values()
  if (!first) throw serverError('option_invalid', 'keySets: at least one is needed')
  return { first, find: (hash) => loaded.get(hash), sources }
}

async function loadOne(options: KeySetOptions, option: KeySetOption, index: number) {
  const name = typeof option === 'string' ? option : `number ${index + 1}`
  try {
    const { manifest, readVerificationKey } = await sourceOf(options, option)
    const source = { manifest, readVerificationKey, allowDevelopment: options.allowDevelopmentKeys }
    return { source, keySet: await loadKeySet(source) }
  } catch (cause) {
    if (cause instanceof TouchstoneError) throw cause
    const reason = cause instanceof Error ? cause.message : 'unreadable'
    throw serverError('option_invalid', `keySets: ${name} cannot be used: ${reason}`, { cause })
  }
}

async function sourceOf(options: KeySetOptions, option: KeySetOption): Promise<KeySetSource> {
  if (typeof option !== 'string') return option
  return isKeySetHash(option) ? fetchKeySet(options, option) : readKeySetFolder(option)
}
