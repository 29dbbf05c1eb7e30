import { createHash } from 'node:crypto'
import { artefactFile, type KeySetManifest, keySetHash, MANIFEST_FILE } from '../../src/protocol/key-set.ts'
import type { ArtefactCache } from '../../src/prover/artefact-cache.ts'
import type { ArtefactSource } from '../../src/prover/artefact-source.ts'

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** A key set of one circuit whose files are short texts. */
export function smallKeySet(): { files: Map<string, Uint8Array<ArrayBuffer>>; manifest: KeySetManifest; hash: string } {
  const texts = { wasm: 'the witness program', zkey: 'the proving key', verificationKey: '{"the":"key"}' }
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  const manifest: KeySetManifest = {
    version: 1,
    origin: 'local',
    circuits: {
      'login-v1': {
        compiler: 'by hand',
        rows: 7,
        r1cs: sha256('the constraints'),
        wasm: sha256(texts.wasm),
        zkey: sha256(texts.zkey),
        verificationKey: sha256(texts.verificationKey),
        zkeyBytes: texts.zkey.length,
        wasmBytes: texts.wasm.length,
      },
    },
  }
  const files = new Map([[MANIFEST_FILE, bytesOf(JSON.stringify(manifest))]])
  for (const kind of ['wasm', 'zkey', 'verificationKey'] as const) {
    files.set(artefactFile('login-v1', kind), bytesOf(texts[kind]))
  }
  return { files, manifest, hash: keySetHash(manifest) }
}

/** A source over a map of files that counts what it is asked for. */
export function mapSource(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): ArtefactSource & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    read: async (file, { onBytes }) => {
      asked.push(file)
      const bytes = files.get(file)
      if (!bytes) throw new Error(`the test has no ${file}`)
      onBytes?.(bytes.length)
      // What a source gives is the caller's, who may overwrite it.
      return bytes.slice()
    },
  }
}

export function mapCache(): ArtefactCache & { entries: Map<string, Uint8Array<ArrayBuffer>> } {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    entries,
    read: async (hash) => entries.get(hash),
    write: async (hash, bytes) => void entries.set(hash, bytes),
    delete: async (hash) => void entries.delete(hash),
  }
}
