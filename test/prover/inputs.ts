import type { CircuitId } from '../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import { acceptedGroupCase, groupInputs } from '../circuits/group-case.ts'
import { acceptedCase, presentInputs } from '../circuits/present-case.ts'

/** Inputs of issue-v1, large enough that their digits would be noticed in a message. */
export const ISSUE_INPUTS = {
  context: 13_131_313n,
  issuerScope: 14_141_414n,
  holderSecret: 15_151_515_151_515n,
  holderBlinding: 16_161_616_161_616n,
}

/** Accepted inputs of every circuit. */
export function acceptedInputs(): Readonly<Record<CircuitId, WitnessInputs>> {
  return {
    'issue-v1': ISSUE_INPUTS,
    'login-v1': { context: 5n, scope: 6n, holderSecret: 7n, deviceKey: 8n, deviceSalt: 9n },
    'group-v1': groupInputs(acceptedGroupCase()),
    'present-v1': presentInputs(acceptedCase()),
  }
}
