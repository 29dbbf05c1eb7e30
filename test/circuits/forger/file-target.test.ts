import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import { fileTarget } from './file-target.ts'
import { WITNESSES } from './survey.ts'

const INVERSE = 'test/circuits/forger/toys/inverse.circom'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forger-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function withInputs(json: unknown) {
  const inputsFile = join(folder, 'inputs.json')
  await writeFile(inputsFile, JSON.stringify(json))
  return fileTarget(INVERSE, { inputsFile, seed: 0 })
}

describe('inputs from a file', () => {
  test('one or several, as numbers or in decimal, arrays in arrays, reduced in the field', async () => {
    expect((await withInputs({ in: 3, idle: '-1' })).target.inputs(0)).toEqual({ in: 3n, idle: FIELD_ORDER - 1n })
    const { target, witnesses } = await withInputs([
      { in: '5', idle: [[1, '2'], [3]] },
      { in: 6, idle: 0 },
    ])
    expect(witnesses).toBe(2)
    expect(target.inputs(0)).toEqual({ in: 5n, idle: [1n, 2n, 3n] })
    expect(target.inputs(1)).toEqual({ in: 6n, idle: 0n })
  })

  test.each([['0x10'], [1.5], [null], [{ deeper: 1 }]])('refuses %j', async (value) => {
    await expect(withInputs({ in: value, idle: 0 })).rejects.toThrow()
    await expect(withInputs({ in: 1, idle: 0 })).resolves.toBeDefined()
  })
})

describe('random inputs', () => {
  test('those that satisfy the circuit, the same for the same seed', async () => {
    const one = await fileTarget(INVERSE, { seed: 3 })
    const again = await fileTarget(INVERSE, { seed: 3 })
    expect(one.witnesses).toBe(WITNESSES)
    const circuit = await one.target.load()
    for (let index = 0; index < WITNESSES; index++) {
      expect(one.target.inputs(index)).toEqual(again.target.inputs(index))
      await circuit.prove(one.target.inputs(index))
    }
  })

  test('a circuit that chance does not satisfy asks for some', async () => {
    const mainFile = join(folder, 'narrow.circom')
    await writeFile(
      mainFile,
      'pragma circom 2.2.0; template Narrow() { signal input in; (in - 123456789) * (in - 987654321) === 0; } component main = Narrow();',
    )
    await expect(fileTarget(mainFile, { seed: 0 })).rejects.toThrow('--inputs')
  })
})
