import { describe, expect, test } from 'vitest'
import {
  artefactFile,
  isKeySetHash,
  type KeySetManifest,
  keySetCircuit,
  keySetHash,
  parseKeySetManifest,
} from '../../src/protocol/key-set.ts'

const entry = {
  compiler: 'circom2 0.2.23 --O2',
  rows: 954,
  r1cs: '1'.repeat(64),
  wasm: '2'.repeat(64),
  zkey: '3'.repeat(64),
  verificationKey: 'abcdef0123456789'.repeat(4),
  zkeyBytes: 1000,
  wasmBytes: 2000,
}
const packed = { sha256: '4'.repeat(64), bytes: 300 }
const manifest: KeySetManifest = { version: 1, origin: 'local', circuits: { 'login-v1': entry } }

function withEntry(change: object): object {
  return { ...manifest, circuits: { 'login-v1': { ...entry, ...change } } }
}

describe('parseKeySetManifest', () => {
  test('gives back what is one', () => {
    expect(parseKeySetManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest)
    expect(parseKeySetManifest(withEntry({ packed }))).toEqual(withEntry({ packed }))
  })

  const { rows: _, ...withoutRows } = entry
  test.each<[string, unknown]>([
    ['no object', null],
    ['another version', { ...manifest, version: 2 }],
    ['another origin', { ...manifest, origin: 'trusted' }],
    ['a field more', { ...manifest, note: '' }],
    ['no circuits', { ...manifest, circuits: {} }],
    ['a circuit id that is a path', { ...manifest, circuits: { '../login-v1': entry } }],
    ['a circuit id without a version', { ...manifest, circuits: { login: entry } }],
    ['an entry with a field less', { ...manifest, circuits: { 'login-v1': withoutRows } }],
    ['an entry with a field more', withEntry({ ptau: '' })],
    ['a hash in capitals', withEntry({ verificationKey: 'ABCDEF0123456789'.repeat(4) })],
    ['a hash too short', withEntry({ zkey: '3'.repeat(63) })],
    ['no rows', withEntry({ rows: 0 })],
    ['half a byte', withEntry({ wasmBytes: 0.5 })],
    ['a packed key without its length', withEntry({ packed: { sha256: packed.sha256 } })],
    ['a packed key without its hash', withEntry({ packed: { bytes: packed.bytes } })],
    ['a packed key of no bytes', withEntry({ packed: { ...packed, bytes: 0 } })],
  ])('refuses %s', (_, value) => {
    expect(() => parseKeySetManifest(value)).toThrowError(expect.objectContaining({ code: 'key_set_invalid' }))
  })
})

describe('keySetHash', () => {
  test('is the same whatever the order of fields, and pinned', () => {
    const reordered = { circuits: manifest.circuits, origin: manifest.origin, version: manifest.version }
    expect(keySetHash(reordered)).toBe(keySetHash(manifest))
    expect(keySetHash(manifest)).toBe(PINNED)
    expect(isKeySetHash(PINNED)).toBe(true)
  })

  test('changes with each field', () => {
    const hashes = Object.entries(entry).map(([name, value]) => {
      const changed = typeof value === 'number' ? value + 1 : `${value.slice(0, -1)}0`
      return keySetHash(parseKeySetManifest(withEntry({ [name]: changed })))
    })
    hashes.push(keySetHash(manifest), keySetHash({ ...manifest, origin: 'ceremony' }))
    hashes.push(keySetHash({ ...manifest, circuits: { 'login-v2': entry } }))
    hashes.push(keySetHash(parseKeySetManifest(withEntry({ packed }))))
    hashes.push(keySetHash(parseKeySetManifest(withEntry({ packed: { ...packed, bytes: 301 } }))))
    expect(new Set(hashes).size).toBe(Object.keys(entry).length + 5)
  })
})

describe('keySetCircuit', () => {
  test('knows what is listed and nothing else', () => {
    expect(keySetCircuit(manifest, 'login-v1')).toBe(manifest.circuits['login-v1'])
    for (const circuit of ['login-v2', 'constructor', '__proto__']) {
      expect(() => keySetCircuit(manifest, circuit)).toThrowError(
        expect.objectContaining({ code: 'key_set_circuit_unknown' }),
      )
    }
  })
})

test('artefactFile names the files of a circuit', () => {
  const names = (['wasm', 'zkey', 'packed', 'verificationKey'] as const).map((kind) => artefactFile('login-v1', kind))
  expect(names).toEqual(['login-v1.wasm', 'login-v1.zkey', 'login-v1.zkey.packed', 'login-v1.vkey.json'])
})

const PINNED = 'Q_k6Hao_jf79qA7pVXsHcHUJBYJQPGTVpqY-Er6fJK4'
