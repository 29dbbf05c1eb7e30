import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artefactFile, MANIFEST_FILE, parseKeySetManifest } from '../../src/protocol/key-set.ts'
import { type KeySet, loadKeySet } from '../../src/verifier/key-set.ts'
import { serverError } from './error-codes.ts'

/** Loads the key set of a folder. Throws `option_invalid` with what is wrong with it as the cause. */
export async function readKeySetFolder(
  directory: string,
  { allowDevelopment }: { allowDevelopment: boolean },
): Promise<KeySet> {
  try {
    const manifest = parseKeySetManifest(JSON.parse(await readFile(join(directory, MANIFEST_FILE), 'utf8')))
    const readVerificationKey = (circuit: string) => readFile(join(directory, artefactFile(circuit, 'verificationKey')))
    return await loadKeySet({ manifest, readVerificationKey, allowDevelopment })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable'
    throw serverError('option_invalid', `keySet: ${directory} cannot be used: ${reason}`, { cause })
  }
}
