import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { artefactFile, type KeySetManifest, MANIFEST_FILE, parseKeySetManifest } from '../../src/protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import type { KeySetSource } from '../../src/verifier/key-set.ts'

/** A key set's folder as a source; whoever loads it has each file checked against the manifest. */
export async function readKeySetFolder(directory: string): Promise<KeySetSource> {
  const manifest = parseKeySetManifest(JSON.parse(await readFile(join(directory, MANIFEST_FILE), 'utf8')))
  return {
    manifest,
    readVerificationKey: (circuit) => readFile(join(directory, artefactFile(circuit, 'verificationKey'))),
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/**
 * Writes what a verifier needs of a key set as its folder: whole or not at all, for it has its name last. Where another
 * process was faster, its folder stays: both were made from one hash.
 */
export async function writeKeySetFolder(
  directory: string,
  { manifest, keys }: { manifest: KeySetManifest; keys: ReadonlyMap<CircuitId, Uint8Array> },
): Promise<void> {
  const draft = `${directory}.${toBase64url(randomBytes(9))}.draft`
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  await mkdir(draft)
  try {
    await writeFile(join(draft, MANIFEST_FILE), JSON.stringify(manifest))
    for (const circuit of CIRCUIT_IDS) {
      await writeFile(join(draft, artefactFile(circuit, 'verificationKey')), keys.get(circuit) ?? new Uint8Array())
    }
    await rename(draft, directory)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await isFolder(directory))) throw error
  }
}
