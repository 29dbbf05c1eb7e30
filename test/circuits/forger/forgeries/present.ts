import type { Circuit } from '../../circuit.ts'
import { presentInputs } from '../../present-case.ts'
import type { Forgery } from '../target.ts'
import { forgedDecompositions } from './decompositions.ts'
import { type FalseStatement, forgedStatements } from './false-statements.ts'
import { lies } from './lies.ts'
import { honestCase, otherCase } from './present-cases.ts'
import { falseCredentials } from './present-credential.ts'
import { forgedHints } from './present-hints.ts'
import { falseIssuers } from './present-issuer.ts'
import { falseAnswers } from './present-questions.ts'
import { falseSets } from './present-set.ts'
import { falseStatuses } from './present-status.ts'
import { forgedPublicSignals } from './public-signals.ts'
import { splices } from './splices.ts'
import { loadSubject } from './subject.ts'

/**
 * False statements, of every line of the theorem; changed public signals; each part from another's witness; lies about every signal of this project's templates, and inside circomlib's about each hash's ends
 * and about the first windows of the two multiplications on the curve; every decomposition; hints that would help.
 */
export async function* presentForgeries(circuit: Circuit, seed: number): AsyncGenerator<Forgery> {
  const subject = await loadSubject(circuit, presentInputs(honestCase(seed)), presentInputs(otherCase(seed)))
  yield* forgedStatements(circuit, falsePresentStatements(seed), subject.honest.evaluated)
  yield* forgedPublicSignals(subject, ALSO_TRUE)
  yield* splices(subject, { depth: 2, free: FREE })
  yield* lies(subject, { about: TOLD, free: FREE, once: /IssuerSignature|BitChoice|\[\d{2,}\]/ })
  yield* forgedDecompositions(subject)
  yield* forgedHints(subject)
}

/** Inputs that are false in one respect; of use for any version of the circuit that has the same inputs. */
export function falsePresentStatements(seed: number): FalseStatement[] {
  return [
    ...falseCredentials(seed),
    ...falseIssuers(seed),
    ...falseStatuses(seed),
    ...falseAnswers(seed),
    ...falseSets(),
  ]
}

const ALSO_TRUE = ['issuedBefore is one more', 'issuedBefore is one less']

/** Hints for the inverse of a difference that is 0; the side of a range that is not asked to be outside of. */
const FREE = /eqCheck[XY]\.isz\.inv$|^Predicate\[[123]\]\.RangeCheck\.above$/

/** Not inside hashes, nor in the middle of the curve's long chains, nor about each bit of the list. */
const TOLD = /^(?!.*\.pEx\.)(?!.*EdDSA.*\[(?!0\]|1\])\d+\])(?!NotRevoked.*\[(?!\d\]|1\d\]|25\d\])\d+\])/
