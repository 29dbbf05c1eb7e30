import { readdir, readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileCircuits } from '../../scripts/circuits/compile.ts'
import {
  type CircuitManifest,
  type CircuitRecord,
  differencesFromManifest,
  measureCircuits,
  readManifest,
  rowBars,
} from '../../scripts/circuits/manifest.ts'
import { ensureKeySet } from '../../scripts/keys.ts'
import { CIRCUIT_IDS, type CircuitId, PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { loadCircuit } from './circuit.ts'

let measured: CircuitManifest

beforeAll(async () => {
  const keySet = await ensureKeySet({ origin: 'development' })
  measured = await measureCircuits(await compileCircuits(), keySet.manifest)
})

function withLogin(change: Partial<CircuitRecord>): CircuitManifest {
  return {
    ...measured,
    circuits: { ...measured.circuits, 'login-v1': { ...measured.circuits['login-v1'], ...change } },
  }
}

test('the circuits are those that circuits/manifest.json records', async () => {
  expect(differencesFromManifest(measured, await readManifest())).toEqual([])
})

test('a changed count, a changed hash and a missing record are each reported', () => {
  const { constraints, zkeyBytes, r1csSha256 } = measured.circuits['login-v1']
  expect(differencesFromManifest(measured, withLogin({ constraints: 1 }))).toEqual([
    `login-v1: constraints is ${constraints}, recorded 1`,
  ])
  expect(differencesFromManifest(measured, withLogin({ zkeyBytes: 2 }))).toEqual([
    `login-v1: zkeyBytes is ${zkeyBytes}, recorded 2`,
  ])
  expect(differencesFromManifest(measured, withLogin({ r1csSha256: '00' }))).toEqual([
    `login-v1: r1csSha256 is ${r1csSha256}, recorded 00`,
  ])
  const lines = differencesFromManifest(measured, undefined)
  for (const id of CIRCUIT_IDS) expect(lines).toContainEqual(expect.stringMatching(`^${id}: rows is .* nothing$`))
})

test('every circuit has a bar, met up to the last row of its budget', () => {
  expect(rowBars(measured).map(({ name, unit, ok }) => ({ name, unit, ok }))).toEqual(
    CIRCUIT_IDS.map((id) => ({ name: `${id} rows`, unit: 'rows', ok: true })),
  )
  const bar = { name: 'login-v1 rows', unit: 'rows', bound: 1024, wanted: 'atMost' }
  expect(rowBars(withLogin({ rows: 1024 }))).toContainEqual({ ...bar, value: 1024, ok: true })
  expect(rowBars(withLogin({ rows: 1025 }))).toContainEqual({ ...bar, value: 1025, ok: false })
})

test('a key set of other circuits is not measured', async () => {
  const { manifest } = await ensureKeySet({ origin: 'development' })
  const login = manifest.circuits['login-v1']
  if (!login) throw new Error('the key set lacks login-v1')
  const other = { ...manifest, circuits: { ...manifest.circuits, 'login-v1': { ...login, r1cs: '00' } } }
  await expect(measureCircuits(await compileCircuits(), other)).rejects.toThrow('the key set is not for login-v1')
})

test('finding compiled circuits is quick', async () => {
  await compileCircuits()
  const start = performance.now()
  const circuits = await compileCircuits({
    onProgress: () => {
      throw new Error('nothing is compiled twice')
    },
  })
  expect(performance.now() - start).toBeLessThan(500)
  expect(Object.keys(circuits).toSorted()).toEqual([...CIRCUIT_IDS].toSorted())
})

/** The hints for an inverse of a difference that a constraint makes 0: nothing is left to constrain. */
const LOOSE: Partial<Record<CircuitId, string[]>> = {
  'present-v1': ['X', 'Y'].map((axis) => `IssuerSignature.EdDSAPoseidonVerifier.eqCheck${axis}.isz.inv`),
}

describe.each(CIRCUIT_IDS)('%s', (id) => {
  test('has the public signals of the protocol, in their order, each in a constraint', async () => {
    const circuit = await loadCircuit(id)
    const { outputs, publicInputs } = circuit.system.r1cs
    expect(circuit.names.slice(1, 1 + outputs + publicInputs)).toEqual(PUBLIC_SIGNALS[id])
    for (const name of PUBLIC_SIGNALS[id]) {
      expect(circuit.system.occurrences(circuit.wire(name)).length, name).toBeGreaterThan(0)
    }
  })

  test('has no wire outside every constraint but reviewed ones', async () => {
    const circuit = await loadCircuit(id)
    const loose = circuit.names.filter((_, wire) => wire > 0 && circuit.system.occurrences(wire).length === 0)
    expect(loose).toEqual(LOOSE[id] ?? [])
  })
})

test('a main file holds the component main alone, a template file one template', async () => {
  for (const file of await readdir('circuits/main')) {
    const source = await readFile(`circuits/main/${file}`, 'utf8')
    expect(source, file).toMatch(/^pragma circom 2\.2\.0;\n\ninclude "[^"]+";\n\ncomponent main [^;]+;\n$/)
  }
  for (const file of await readdir('circuits/templates')) {
    const source = await readFile(`circuits/templates/${file}`, 'utf8')
    const templates = [...source.matchAll(/^template (\w+)/gm)].map(([, name = '']) => name)
    const expected = file
      .replace(/\.circom$/, '')
      .replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
    expect(templates, file).toEqual(file === 'tags.circom' ? [] : [expected])
  }
})
