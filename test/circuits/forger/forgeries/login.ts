import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import type { Circuit } from '../../circuit.ts'
import { seeded } from '../seeded.ts'
import type { Forgery } from '../target.ts'
import { type FalseStatement, forgedStatements } from './false-statements.ts'
import { lies } from './lies.ts'
import { forgedPublicSignals } from './public-signals.ts'
import { splices } from './splices.ts'
import { loadSubject } from './subject.ts'

/**
 * The circuit has three hashes and little else, so most are about their insides: each S-box (88
 * and twice 119) and each hash's inputs forced to other values, and each part down to the S-boxes taken from another
 * witness.
 */
export async function* loginForgeries(circuit: Circuit, seed: number): AsyncGenerator<Forgery> {
  const subject = await loadSubject(circuit, loginInputs(seed, 'honest'), loginInputs(seed, 'other'))
  yield* forgedStatements(circuit, falseLoginStatements(seed), subject.honest.evaluated)
  // Squared it is the same; a proof holds the public input itself.
  yield* forgedPublicSignals(subject, ['context has the other sign'])
  yield* splices(subject, { depth: 4 })
  yield* lies(subject, { about: /^NonZero|^Bound|\.out$|\.inputs\[\d+\]$/, once: /\.sigma/ })
}

export function falseLoginStatements(seed: number): FalseStatement[] {
  const inputs = loginInputs(seed, 'honest')
  return [
    { name: 'a holder without a secret', inputs: { ...inputs, holderSecret: 0n }, refusedBy: /^NonZero/ },
    { name: 'a holder without a device key', inputs: { ...inputs, deviceKey: 0n }, refusedBy: /^NonZero/ },
    { name: 'neither', inputs: { ...inputs, holderSecret: 0n, deviceKey: 0n }, refusedBy: /^NonZero/ },
    {
      name: 'a device commitment that opens to nothing',
      inputs: { ...inputs, deviceKey: 0n, deviceSalt: 0n },
      refusedBy: /^NonZero/,
    },
  ]
}

function loginInputs(seed: number, whose: string): WitnessInputs {
  const { field } = seeded(seed, `login-v1 forgeries ${whose}`)
  return { context: field(), scope: field(), holderSecret: field(), deviceKey: field(), deviceSalt: field() }
}
