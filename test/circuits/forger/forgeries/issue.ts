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
 * The circuit has two hashes and little else, so most are about their insides: each S-box (88 and
 * 119) and each hash's inputs forced to other values, and each part down to the S-boxes taken from another witness.
 */
export async function* issueForgeries(circuit: Circuit, seed: number): AsyncGenerator<Forgery> {
  const subject = await loadSubject(circuit, issueInputs(seed, 'honest'), issueInputs(seed, 'other'))
  yield* forgedStatements(circuit, falseIssueStatements(seed), subject.honest.evaluated)
  // Squared it is the same; a proof holds the public input itself.
  yield* forgedPublicSignals(subject, ['context has the other sign'])
  yield* splices(subject, { depth: 4 })
  yield* lies(subject, { about: /^NonZero|^Bound|\.out$|\.inputs\[\d+\]$/, once: /\.sigma/ })
}

export function falseIssueStatements(seed: number): FalseStatement[] {
  const inputs = issueInputs(seed, 'honest')
  return [
    { name: 'a holder without a secret', inputs: { ...inputs, holderSecret: 0n }, refusedBy: /^NonZero/ },
    {
      name: 'no secret, no blinding',
      inputs: { ...inputs, holderSecret: 0n, holderBlinding: 0n },
      refusedBy: /^NonZero/,
    },
  ]
}

function issueInputs(seed: number, whose: string): WitnessInputs {
  const { field } = seeded(seed, `issue-v1 forgeries ${whose}`)
  return { context: field(), issuerScope: field(), holderSecret: field(), holderBlinding: field() }
}
