import { beforeAll, expect, test } from 'vitest'
import { type Circuit, loadCircuitFile } from '../circuit.ts'
import { tryForgeries } from './forgeries.ts'
import type { Forgery } from './target.ts'

let circuit: Circuit
let honest: bigint[]
beforeAll(async () => {
  circuit = await loadCircuitFile('test/circuits/forger/toys/inverse.circom')
  honest = await circuit.prove({ in: 2n, idle: 0n })
})

async function* several(...forgeries: readonly Forgery[]) {
  yield* forgeries
}

const changed = (): bigint[] => honest.with(circuit.wire('out'), 3n)

test('a false witness is rejected, by whichever check or by the named one', async () => {
  const attacks = await tryForgeries(
    circuit,
    several({ name: 'any', witness: changed() }, { name: 'named', witness: changed(), refusedBy: /^in$/ }),
  )
  expect(attacks).toEqual({ tried: 2, rejected: 2, failures: [] })
})

test('a witness that satisfies the circuit is a failure', async () => {
  const attacks = await tryForgeries(circuit, several({ name: 'honest', witness: honest }))
  expect(attacks).toEqual({ tried: 1, rejected: 0, failures: ['honest: accepted'] })
})

test('a refusal by another check than the named one is a failure', async () => {
  const attacks = await tryForgeries(circuit, several({ name: 'named', witness: changed(), refusedBy: /^nothing$/ }))
  expect(attacks).toMatchObject({ tried: 1, rejected: 0 })
  expect(attacks.failures[0]).toMatch(/^named: refused, but not by/)
})

test('two forgeries of one name count once, and as a failure', async () => {
  const twice = { name: 'twice', witness: changed() }
  const attacks = await tryForgeries(circuit, several(twice, twice))
  expect(attacks).toMatchObject({ tried: 1, rejected: 0 })
})
