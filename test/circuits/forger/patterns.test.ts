import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadCircuitFile } from '../circuit.ts'
import { findPatterns } from './patterns.ts'
import { PLANTED } from './planted/catalogue.ts'
import { LIBRARY } from './planted/library.ts'
import { findInPlanted, findInTemplate } from './planted.ts'

const bug = (name: string) => PLANTED.find((planted) => planted.name === name) ?? PLANTED[0]
const template = (name: string) => LIBRARY.find((each) => each.name === name) ?? LIBRARY[0]

describe('each part finds a bug of its kind', () => {
  test.each([
    ['output-not-constrained', 'structural'],
    ['last-element-skipped', 'structural'],
    ['bits-not-summed', 'mutation'],
    ['bit-not-boolean', 'uniqueness'],
    ['nullifier-of-another-secret', 'uniqueness'],
    ['parity-of-alias', 'vectors'],
    ['carry-not-ranged', 'vectors'],
    ['remainder-not-below-divisor', 'vectors'],
    ['comparator-out-of-range', 'vectors'],
    ['no-domain-separation', 'vectors'],
    ['assert-only', 'vectors'],
  ])('%s: %s', async (name, part) => {
    const planted = bug(name)
    if (!planted) throw new Error('the catalogue is empty')
    expect(planted.name).toBe(name)
    const findings = await findInPlanted(planted, 1)
    expect(findings.filter((found) => planted.at.test(found.signal)).map((found) => found.part)).toContain(part)
  })
})

describe('and nothing where there is nothing', () => {
  test.each(['num2bits', 'less-than', 'poseidon', 'mux3', 'multiplexer', 'baby-add'])('circomlib %s', async (name) => {
    const sound = template(name)
    if (!sound) throw new Error('the list is empty')
    expect(sound.name).toBe(name)
    expect(await findInTemplate(sound)).toEqual([])
  })
})

test.each([
  ['planted', PLANTED],
  ['planted/library', LIBRARY],
])('every circuit in %s stands in its catalogue', async (folder, catalogue) => {
  const files = (await readdir(join(import.meta.dirname, folder))).filter((file) => file.endsWith('.circom'))
  expect(files.map((file) => basename(file, '.circom')).sort()).toEqual(catalogue.map(({ name }) => name).sort())
})

test('a range that the circuit keeps is no finding', async () => {
  const circuit = await loadCircuitFile(join(import.meta.dirname, 'planted/library/num2bits.circom'))
  const within = { inputs: [{ in: 200n }], ranges: { in: { below: 256n } } }
  expect(await findPatterns(circuit, within)).toEqual([])
  const narrower = { inputs: [{ in: 100n }], ranges: { in: { below: 128n } } }
  expect(await findPatterns(circuit, narrower)).toEqual([
    { part: 'vectors', signal: 'in', reason: 'accepted outside its range' },
  ])
})

test('inputs that do not satisfy the circuit are an error', async () => {
  const circuit = await loadCircuitFile(join(import.meta.dirname, 'planted/library/num2bits.circom'))
  await expect(findPatterns(circuit, { inputs: [{ in: 256n }] })).rejects.toMatchObject({ code: 'witness_unsatisfied' })
})
