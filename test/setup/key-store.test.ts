import { fork } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { artefactFile, keySetHash, parseKeySetManifest } from '../../src/protocol/key-set.ts'
import { unpackProvingKey } from '../../src/proving-key/unpack.ts'
import { ensureKeySet, type KeyCircuit, type KeyStoreOptions, openKeySet } from '../../src/setup/key-store.ts'
import { encodeR1cs, productCircuit } from './r1cs-file.ts'

let root: string
let circuits: KeyCircuit[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-keys-'))
  circuits = await Promise.all([writeCircuit('first-v1', 3), writeCircuit('second-v1', 30)])
})

afterAll(() => rm(root, { recursive: true }))

async function writeCircuit(id: string, links: number): Promise<KeyCircuit> {
  const r1csPath = join(root, `${id}.r1cs`)
  const wasmPath = join(root, `${id}.wasm`)
  await writeFile(r1csPath, encodeR1cs(productCircuit(links)))
  await writeFile(wasmPath, `witness program of ${id}`)
  return { id, compiler: 'by hand', rows: links + 4, r1csPath, wasmPath }
}

function options(folder: string, origin: KeyStoreOptions['origin'] = 'development'): KeyStoreOptions {
  return { origin, directory: join(root, folder) }
}

describe('ensureKeySet', () => {
  test('makes a key set once and finds it again', async () => {
    const made = await ensureKeySet(circuits, options('once', 'local'))
    expect(made.made).toBe(true)
    const found = await ensureKeySet(circuits, { ...options('once', 'local'), verify: true })
    expect(found).toEqual({ ...made, made: false })
    expect(await openKeySet(join(root, 'once'), { verify: true })).toEqual(found)
    const files = ['wasm', 'zkey', 'zkey.packed', 'vkey.json'].flatMap((end) => [`first-v1.${end}`, `second-v1.${end}`])
    expect((await readdir(made.directory)).sort()).toEqual([...files, 'manifest.json'].sort())
    expect((await readFile(join(root, 'once/current'), 'utf8')).trim()).toBe(made.hash)
  })

  test('development keys are the same bytes everywhere, local keys are not', async () => {
    const [a, b] = [await ensureKeySet(circuits, options('dev-a')), await ensureKeySet(circuits, options('dev-b'))]
    expect(b.manifest).toEqual(a.manifest)
    expect(b.hash).toBe(a.hash)
    // Pinned: whoever changes these bytes changes every development key.
    expect(a.manifest.circuits['first-v1']?.zkey).toBe(FIRST_DEVELOPMENT_ZKEY)
    const [c, d] = [
      await ensureKeySet(circuits, options('local-c', 'local')),
      await ensureKeySet(circuits, options('local-d', 'local')),
    ]
    expect(c.hash).not.toBe(d.hash)
    for (const id of ['first-v1', 'second-v1']) {
      expect(c.manifest.circuits[id]?.zkey).not.toBe(d.manifest.circuits[id]?.zkey)
      expect(c.manifest.circuits[id]?.r1cs).toBe(d.manifest.circuits[id]?.r1cs)
    }
  })

  test('packs each key, so that it unpacks to the byte', async () => {
    const { directory, manifest } = await ensureKeySet(circuits, options('original'))
    const engine = await createEngine()
    for (const [id, { zkeyBytes, packed }] of Object.entries(manifest.circuits)) {
      const bytes = await readFile(join(directory, artefactFile(id, 'packed')))
      expect(bytes.length).toBe(packed?.bytes)
      const zkey = await readFile(join(directory, artefactFile(id, 'zkey')))
      expect(zkey.equals(await unpackProvingKey(engine, bytes, { zkeyBytes }))).toBe(true)
    }
  })

  test('keys from before there were packed ones stay a deployment’s own; development keys are made anew', async () => {
    for (const origin of ['local', 'development'] as const) {
      const store = options(`unpacked-${origin}`, origin)
      const { directory, manifest } = await ensureKeySet(circuits, store)
      const entries = Object.entries(manifest.circuits).map(([id, { packed: _, ...entry }]) => [id, entry])
      const older = parseKeySetManifest({ ...manifest, circuits: Object.fromEntries(entries) })
      await writeFile(join(directory, 'manifest.json'), JSON.stringify(older))
      await rename(directory, join(directory, '..', keySetHash(older)))
      const found = await ensureKeySet(circuits, store)
      expect(found.made).toBe(origin === 'development')
      expect(found.hash).toBe(keySetHash(origin === 'local' ? older : manifest))
    }
  })

  test('makes another for another circuit, another witness program and another origin', async () => {
    const store = options('changes')
    const first = await ensureKeySet(circuits, store)
    const changedCircuit = await writeCircuit('second-v1', 31)
    const second = await ensureKeySet(circuits, store)
    expect(second.made).toBe(true)
    await writeCircuit('second-v1', 30)
    await writeFile(changedCircuit.wasmPath, 'another program')
    const third = await ensureKeySet(circuits, store)
    await writeCircuit('second-v1', 30)
    const fourth = await ensureKeySet(circuits, { ...store, origin: 'local' })
    expect(new Set([first.hash, second.hash, third.hash, fourth.hash]).size).toBe(4)
    // And the first is still there.
    const again = await ensureKeySet(circuits, store)
    expect(again).toEqual({ ...first, made: false })
    expect((await openKeySet(store.directory)).hash).toBe(first.hash)
  })

  test.each(['first-v1.zkey', 'first-v1.zkey.packed', 'second-v1.wasm', 'first-v1.vkey.json'])(
    'notices a flipped byte in %s',
    async (file) => {
      const { directory, hash } = await copyOfKeySet(`flip-${file}`)
      const path = join(directory, hash, file)
      const bytes = await readFile(path)
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
      await writeFile(path, bytes)
      const store = { origin: 'development', directory, verify: true } as const
      const corrupt = expect.objectContaining({ code: 'artefact_corrupt' })
      await expect(ensureKeySet(circuits, store)).rejects.toThrowError(corrupt)
      await expect(openKeySet(directory, { verify: true })).rejects.toThrowError(corrupt)
    },
  )

  test.each(['first-v1.zkey', 'first-v1.zkey.packed', 'second-v1.wasm', 'first-v1.vkey.json', 'manifest.json'])(
    'notices without reading it whole that %s is cut short or missing',
    async (file) => {
      const { directory, hash } = await copyOfKeySet(`cut-${file}`)
      const path = join(directory, hash, file)
      const corrupt = expect.objectContaining({ code: 'artefact_corrupt' })
      await writeFile(path, (await readFile(path)).subarray(0, -1))
      // A manifest ends in a line feed, which says nothing.
      if (file === 'manifest.json') await writeFile(path, (await readFile(path)).subarray(0, -1))
      await expect(openKeySet(directory)).rejects.toThrowError(corrupt)
      await rm(path)
      await expect(ensureKeySet(circuits, { origin: 'development', directory })).rejects.toThrowError(corrupt)
    },
  )

  test('notices a manifest under another name', async () => {
    const { directory, hash } = await copyOfKeySet('renamed')
    const path = join(directory, hash, 'manifest.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('development', 'ceremony'))
    await expect(openKeySet(directory)).rejects.toThrowError(expect.objectContaining({ code: 'artefact_corrupt' }))
  })

  test('says when there is none', async () => {
    await mkdir(join(root, 'empty'))
    await expect(openKeySet(join(root, 'empty'))).rejects.toThrowError(
      expect.objectContaining({ code: 'key_set_missing' }),
    )
  })

  test('stopped by a signal, it leaves nothing', async () => {
    const store = options('stopped', 'local')
    const controller = new AbortController()
    const onProgress = (): void => controller.abort()
    await expect(ensureKeySet(circuits, { ...store, onProgress, signal: controller.signal })).rejects.toThrowError(
      expect.objectContaining({ name: 'AbortError' }),
    )
    expect(await readdir(store.directory)).toEqual(['.lock'])
  })

  test('killed half-way, it leaves no key set, and the next one cleans up and makes it', async () => {
    const store = options('killed', 'local')
    const child = startMaker(store.directory, 'stop-half-way')
    await new Promise((resolve) => child.once('message', resolve))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const left = await readdir(store.directory)
    expect(left.filter((name) => name.startsWith('.making-'))).toHaveLength(1)
    expect(left).not.toContain('current')
    const made = await ensureKeySet(circuits, { ...store, verify: true })
    expect(made.made).toBe(true)
    expect((await readdir(store.directory)).sort()).toEqual(['.lock', 'current', made.hash].sort())
  })

  test('two processes at once agree on one key set', async () => {
    const directory = join(root, 'concurrent')
    const hashes = await Promise.all(
      [startMaker(directory, 'finish'), startMaker(directory, 'finish')].map(
        (child) => new Promise((resolve) => child.once('message', resolve)),
      ),
    )
    expect(hashes[0]).toBe(hashes[1])
    expect((await readdir(directory)).sort()).toEqual(['.lock', 'current', hashes[0]].sort())
  })
})

const FIRST_DEVELOPMENT_ZKEY = 'd1f89849c51bf23b88f186f84e550ac48bd6379386d2108e9a40c620edafc334'

/** A maker in a process of its own: tells by message when it is half-way, and waits; or what it ended with. */
function startMaker(directory: string, ending: 'finish' | 'stop-half-way') {
  const program = new URL('./key-store-process.ts', import.meta.url)
  return fork(program, [directory, ending, JSON.stringify(circuits)], { execArgv: [] })
}

async function copyOfKeySet(name: string): Promise<{ directory: string; hash: string }> {
  const { directory, hash } = await ensureKeySet(circuits, options('original'))
  const copy = join(root, name)
  await cp(join(directory, '..'), copy, { recursive: true })
  return { directory: copy, hash }
}
