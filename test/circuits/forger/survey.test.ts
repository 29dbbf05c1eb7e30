import { describe, expect, test } from 'vitest'
import { CIRCUIT_IDS } from '../../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import { type Circuit, loadCircuitFile } from '../circuit.ts'
import { loadTarget } from './load-target.ts'
import { MUTANTS, mutateWires } from './mutate.ts'
import { surveyWires } from './survey.ts'
import type { ForgeTarget } from './target.ts'
import { undeterminedWires } from './uniqueness.ts'

describe('circuits with known gaps', () => {
  test('a sound one has none', async () => {
    const survey = await surveyToy('inverse', [
      { in: 1n, idle: 5n },
      { in: 2n, idle: 0n },
    ])
    expect(survey).toMatchObject({ witnesses: 2, survivors: [], undetermined: [], unexplained: [] })
    expect(survey.mutants).toBeGreaterThanOrEqual(2 * MUTANTS * (survey.wires - 1))
  })

  test('wires that are free only together are not determined', async () => {
    const { survivors, undetermined, unexplained } = await surveyToy('product-of-two', [{ in: 6n }])
    expect(survivors).toEqual([])
    expect(undetermined.map(({ signal }) => signal)).toEqual(['out', 'left', 'right'])
    expect(unexplained).toHaveLength(3)
  })

  test('a hint is free where its constraint vanishes, an output always', async () => {
    const zero = { idle: 1n, in: 0n }
    const other = { idle: 1n, in: 3n }
    const loose = { signal: 'loose', witnesses: 2 }
    const inverse = { signal: 'inverse', witnesses: 1 }
    const survey = await surveyToy('zero-test', [zero, other])
    expect(survey.survivors).toEqual([loose, inverse])
    expect(survey.undetermined).toEqual([loose, inverse])
    expect(survey.unexplained).toHaveLength(4)
  })

  test('a reviewed wire needs no explanation, a reason needs a wire', async () => {
    const inputs = [{ idle: 1n, in: 0n }]
    const reviewed = [{ signal: /^(loose|inverse)$/, reason: 'it is a toy' }]
    const explained = await surveyToy('zero-test', inputs, { survivors: reviewed, undetermined: reviewed })
    expect(explained.unexplained).toEqual([])
    expect(explained.survivors.map(({ reason }) => reason)).toEqual(['it is a toy', 'it is a toy'])
    const unused = [...reviewed, { signal: /^isZero$/, reason: 'it is not free' }]
    const { unexplained } = await surveyToy('zero-test', inputs, { survivors: unused, undetermined: unused })
    expect(unexplained).toEqual([
      'no wire like /^isZero$/ can change alone any more',
      'every wire like /^isZero$/ is determined now',
    ])
  })

  test('inputs that do not satisfy the circuit are an error', async () => {
    await expect(surveyToy('inverse', [{ in: 0n, idle: 0n }])).rejects.toMatchObject({ code: 'witness_unsatisfied' })
  })
})

describe.each(CIRCUIT_IDS)('%s', (id) => {
  test('has a target whose honest witness leaves open what its lists say and no more', async () => {
    const target = await loadTarget(id)
    expect(target.name).toBe(id)
    const circuit = await target.load()
    const evaluated = circuit.system.evaluate(await circuit.prove(target.inputs(0)))
    const names = (wires: readonly number[]) => wires.map((wire) => circuit.names[wire] ?? '')
    const survivors = names(mutateWires(circuit.system, evaluated).survivors)
    const undetermined = names(undeterminedWires(circuit.system, evaluated))
    expect(survivors.filter((name) => !target.survivors.some(({ signal }) => signal.test(name)))).toEqual([])
    expect(undetermined.filter((name) => !target.undetermined.some(({ signal }) => signal.test(name)))).toEqual([])
  })

  test('gives the same inputs for the same seed only', async () => {
    const { inputs } = await loadTarget(id)
    expect(inputs(1)).toEqual(inputs(1))
    expect(inputs(1)).not.toEqual(inputs(2))
  })
})

async function surveyToy(
  name: string,
  inputs: readonly WitnessInputs[],
  reviewed: Partial<Pick<ForgeTarget, 'survivors' | 'undetermined'>> = {},
) {
  const load = (): Promise<Circuit> => loadCircuitFile(`test/circuits/forger/toys/${name}.circom`)
  const target: ForgeTarget = {
    name,
    load,
    inputs: (seed) => inputs[seed] ?? {},
    survivors: [],
    undetermined: [],
    async *forgeries() {},
    ...reviewed,
  }
  return surveyWires(target, { seed: 0, witnesses: inputs.length })
}
