import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { artefactFile, type KeySetManifest } from '../../src/protocol/key-set.ts'
import { downloadBytes, loadArtefact } from '../../src/prover/artefacts.ts'
import { packProvingKey } from '../../src/proving-key/pack.ts'
import { writeZkey } from '../../src/proving-key/write-zkey.ts'
import { codeOfAsync } from '../expect-code.ts'
import { smallKey } from '../proving-key/small-key.ts'
import { bytesOf, mapCache, mapSource, smallKeySet } from './key-set-files.ts'

const engine = await createEngine()
const ZKEY = writeZkey(smallKey())
const PACKED = packProvingKey(engine, ZKEY)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A remote source of a key set with a key that is served plain and packed. */
function setting({ packed = PACKED, remote = true } = {}) {
  const { files, manifest: without, hash } = smallKeySet()
  const circuit = without.circuits['login-v1']
  if (!circuit) throw new Error('the key set has no login-v1')
  const entry = {
    ...circuit,
    zkey: sha256(ZKEY),
    zkeyBytes: ZKEY.length,
    packed: { sha256: sha256(packed), bytes: packed.length },
  }
  files.set(artefactFile('login-v1', 'zkey'), ZKEY)
  files.set(artefactFile('login-v1', 'packed'), packed)
  const [source, cache] = [{ ...mapSource(files), remote }, mapCache()]
  const manifest: KeySetManifest = { ...without, circuits: { 'login-v1': entry } }
  const keySet = { keySetHash: hash, source, cache }
  const load = (options = {}, list: KeySetManifest = manifest) =>
    loadArtefact(keySet, list, { circuit: 'login-v1', kind: 'zkey', ...options })
  return { files, source, cache, keySet, manifest, entry, load }
}

describe('a key that comes packed', () => {
  test('is fetched packed, unpacked with progress, and cached as it is', async () => {
    const { source, cache, entry, keySet, load } = setting()
    const [received, unpacked]: [number[], number[]] = [[], []]
    const bytes = await load({
      onBytes: (count: number) => received.push(count),
      onUnpack: (done: number, total: number) => unpacked.push(done / total),
    })
    expect(bytes).toEqual(ZKEY)
    expect(received).toEqual([PACKED.length])
    expect(unpacked.at(-1)).toBe(1)
    expect([...cache.entries]).toEqual([[entry.zkey, ZKEY]])
    expect(await load()).toEqual(ZKEY)
    expect(source.asked).toEqual(['login-v1.zkey.packed'])
    expect(downloadBytes(keySet, entry, 'zkey')).toBe(PACKED.length)
    expect(downloadBytes(keySet, entry, 'wasm')).toBe(entry.wasmBytes)
  })

  test('is not asked for where nothing comes over a network', async () => {
    const { source, keySet, entry, load } = setting({ remote: false })
    expect(await load()).toEqual(ZKEY)
    expect(source.asked).toEqual(['login-v1.zkey'])
    expect(downloadBytes(keySet, entry, 'zkey')).toBe(ZKEY.length)
  })

  test('is not asked for where the key set has none', async () => {
    const { source, manifest, entry, load } = setting()
    const { packed: _, ...plain } = entry
    expect(await load({}, { ...manifest, circuits: { 'login-v1': plain } })).toEqual(ZKEY)
    expect(source.asked).toEqual(['login-v1.zkey'])
  })

  const otherKey = packProvingKey(engine, writeZkey({ ...smallKey(), contributions: new Uint8Array(68) }))
  test.each<[string, Uint8Array<ArrayBuffer>]>([
    ['is that of another key', otherKey],
    ['is no packed key', bytesOf('zkeypack, it says')],
  ])('is refused where it has the hash that is listed but %s', async (_what, packed) => {
    const { cache, load } = setting({ packed })
    expect(await codeOfAsync(load())).toBe('artefact_corrupt')
    expect(cache.entries.size).toBe(0)
  })

  test('is refused where it has another hash than is listed', async () => {
    const { files, cache, load } = setting()
    files.set(artefactFile('login-v1', 'packed'), otherKey)
    expect(await codeOfAsync(load())).toBe('artefact_corrupt')
    expect(cache.entries.size).toBe(0)
  })

  test('stops while it is unpacked', async () => {
    const { cache, load } = setting()
    const controller = new AbortController()
    const stopped = load({ signal: controller.signal, onUnpack: () => controller.abort(new Error('enough')) })
    await expect(stopped).rejects.toThrowError('enough')
    expect(cache.entries.size).toBe(0)
  })
})
