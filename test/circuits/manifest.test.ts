import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { differencesFromManifest, measureCircuits, readManifest } from '../../scripts/circuits/manifest.ts'
import { compileCircuits } from '../../scripts/circuits.ts'
import { CIRCUIT_IDS, type CircuitId, PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { loadCircuit } from './circuit.ts'

test('the circuits are those that circuits/manifest.json records, each within its budget', async () => {
  const measured = await measureCircuits(await compileCircuits())
  expect(differencesFromManifest(measured, await readManifest())).toEqual([])
})

test('a changed count, a changed hash and an exceeded budget are each reported', async () => {
  const measured = await measureCircuits(await compileCircuits())
  const login = measured.circuits['login-v1']
  const withLogin = (change: Partial<typeof login>) => ({
    ...measured,
    circuits: { ...measured.circuits, 'login-v1': { ...login, ...change } },
  })
  expect(differencesFromManifest(measured, withLogin({ constraints: 1 }))).toEqual([
    `login-v1: constraints is ${login.constraints}, recorded 1`,
  ])
  expect(differencesFromManifest(measured, withLogin({ r1csSha256: '00' }))).toHaveLength(1)
  const over = withLogin({ rows: 1025 })
  expect(differencesFromManifest(over, over)).toEqual(['login-v1: 1025 rows exceed the budget of 1024'])
  expect(differencesFromManifest(measured, undefined).length).toBeGreaterThan(0)
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
const LOOSE: Record<CircuitId, string[]> = {
  'issue-v1': [],
  'login-v1': [],
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
    expect(loose).toEqual(LOOSE[id])
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
