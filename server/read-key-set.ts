import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artefactFile, MANIFEST_FILE, parseKeySetManifest } from '../src/protocol/key-set.ts'
import { type KeySet, loadKeySet } from '../src/verifier/key-set.ts'

/**
 * The verification keys in a key set's folder, checked against its manifest. Throws ProtocolError `key_set_invalid`,
 * VerifierError (`key_set_development` unless `allowDevelopment`), or the operating system's error for a missing file.
 */
export async function readKeySet(options: { directory: string; allowDevelopment: boolean }): Promise<KeySet> {
  const { directory, allowDevelopment } = options
  const manifest = parseKeySetManifest(JSON.parse(await readFile(join(directory, MANIFEST_FILE), 'utf8')))
  return loadKeySet({
    manifest,
    readVerificationKey: (circuit) => readFile(join(directory, artefactFile(circuit, 'verificationKey'))),
    allowDevelopment,
  })
}
