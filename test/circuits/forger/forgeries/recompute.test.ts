import { describe, expect, test } from 'vitest'
import { CIRCUIT_IDS } from '../../../../src/protocol/signals.ts'
import { loadTarget } from '../load-target.ts'
import { arbitraryInputs } from './plain-circuit.ts'
import { loadRecomputation } from './recompute.ts'

describe.each(CIRCUIT_IDS)('%s', (id) => {
  test('following other inputs gives what the program computes from them', async () => {
    const target = await loadTarget(id)
    const honest = target.inputs(1)
    const recomputation = await loadRecomputation(`circuits/main/${id}.circom`, honest)
    const from = await recomputation.forge(honest)
    for (const inputs of [target.inputs(2), arbitraryInputs(honest, 100)]) {
      const wanted = await recomputation.forge(inputs)
      const { outputs, publicInputs, privateInputs } = recomputation.circuit.r1cs
      const told = new Map<number, bigint>()
      for (let wire = outputs + 1; wire <= outputs + publicInputs + privateInputs; wire++) {
        told.set(wire, wanted[wire] ?? 0n)
      }
      const changes = recomputation.follow(from, told)
      const wrong = wanted.flatMap((value, wire) =>
        (changes.get(wire) ?? from[wire]) === value ? [] : [recomputation.circuit.names[wire]],
      )
      expect(wrong.slice(0, 10)).toEqual([])
    }
  })
})
