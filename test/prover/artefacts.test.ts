import { describe, expect, test } from 'vitest'
import { artefactFile, MANIFEST_FILE } from '../../src/protocol/key-set.ts'
import { loadArtefact, loadManifest } from '../../src/prover/artefacts.ts'
import { bytesOf, mapCache, mapSource, smallKeySet } from './key-set-files.ts'

const ZKEY = artefactFile('login-v1', 'zkey')

function setting() {
  const { files, manifest, hash } = smallKeySet()
  const [source, cache] = [mapSource(files), mapCache()]
  const keySet = { keySetHash: hash, source, cache }
  const load = () => loadArtefact(keySet, manifest, { circuit: 'login-v1', kind: 'zkey' })
  return { files, manifest, source, cache, keySet, load, entry: manifest.circuits['login-v1'] }
}

describe('loadManifest', () => {
  test('takes the pinned one, and from the cache the next time', async () => {
    const { keySet, manifest, source } = setting()
    expect(await loadManifest(keySet)).toEqual(manifest)
    expect(await loadManifest(keySet)).toEqual(manifest)
    expect(source.asked).toEqual([MANIFEST_FILE])
  })

  test.each([
    ['another key set', (text: string) => text.replace('local', 'ceremony')],
    ['a field more', (text: string) => text.replace('{', '{"extra":1,')],
    ['no JSON', (text: string) => text.slice(1)],
  ])('refuses %s', async (_, change) => {
    const { keySet, files, cache } = setting()
    files.set(MANIFEST_FILE, bytesOf(change(new TextDecoder().decode(files.get(MANIFEST_FILE)))))
    await expect(loadManifest(keySet)).rejects.toThrowError(expect.objectContaining({ code: 'key_set_mismatch' }))
    expect(cache.entries.size).toBe(0)
  })

  test('fetches anew what the cache holds wrongly', async () => {
    const { keySet, manifest, cache } = setting()
    cache.entries.set(keySet.keySetHash, bytesOf('{}'))
    expect(await loadManifest(keySet)).toEqual(manifest)
    expect(JSON.parse(new TextDecoder().decode(cache.entries.get(keySet.keySetHash)))).toEqual(manifest)
  })
})

describe('loadArtefact', () => {
  test('fetches, reports bytes and remembers by hash', async () => {
    const { keySet, manifest, source, cache, entry, load } = setting()
    let received = 0
    const onBytes = (count: number): void => {
      received += count
    }
    const bytes = await loadArtefact(keySet, manifest, { circuit: 'login-v1', kind: 'zkey', onBytes })
    expect(bytes).toEqual(bytesOf('the proving key'))
    expect(received).toBe(bytes.length)
    expect([...cache.entries.keys()]).toEqual([entry?.zkey])
    expect(await load()).toEqual(bytes)
    expect(source.asked).toEqual([ZKEY])
  })

  test('refuses a flipped byte and does not remember it', async () => {
    const { files, cache, load } = setting()
    files.set(ZKEY, bytesOf('the provinG key'))
    await expect(load()).rejects.toThrowError(expect.objectContaining({ code: 'artefact_corrupt' }))
    expect(cache.entries.size).toBe(0)
  })

  test('deletes a corrupt cache entry and fetches once more', async () => {
    const { source, cache, entry, load } = setting()
    const hash = entry?.zkey ?? ''
    cache.entries.set(hash, bytesOf('the provinG key'))
    expect(await load()).toEqual(bytesOf('the proving key'))
    expect(cache.entries.get(hash)).toEqual(bytesOf('the proving key'))
    expect(source.asked).toEqual([ZKEY])
  })

  test('and when the source is as corrupt, says so and keeps neither', async () => {
    const { files, source, cache, entry, load } = setting()
    cache.entries.set(entry?.zkey ?? '', bytesOf('the provinG key'))
    files.set(ZKEY, bytesOf('thE proving key'))
    await expect(load()).rejects.toThrowError(expect.objectContaining({ code: 'artefact_corrupt' }))
    expect(source.asked).toEqual([ZKEY])
    expect(cache.entries.size).toBe(0)
  })

  test('a cache that cannot write costs nothing but the next download', async () => {
    const { manifest, source, keySet } = setting()
    const cache = { ...mapCache(), write: () => Promise.reject(new Error('full')) }
    const load = () => loadArtefact({ ...keySet, cache }, manifest, { circuit: 'login-v1', kind: 'wasm' })
    expect(await load()).toEqual(await load())
    expect(source.asked).toHaveLength(2)
  })

  test('knows no circuit that the key set does not list', async () => {
    const { keySet, manifest } = setting()
    for (const circuit of ['login-v2', 'constructor', '__proto__']) {
      await expect(loadArtefact(keySet, manifest, { circuit, kind: 'zkey' })).rejects.toThrowError(
        expect.objectContaining({ code: 'circuit_unknown' }),
      )
    }
  })
})
