import type { Answer } from '../protocol/presentation.ts'
import { loginSignals, presentSignals } from '../protocol/signals.ts'
import { type CredentialFacts, loginStatement, type PresentationFacts, presentStatement } from './circuit-inputs.ts'
import type { ProofMaker } from './own-proof.ts'
import type { PresentOptions } from './wallet.ts'

/** Throws what the prover throws, and `own_proof_invalid`. */
export async function answerLogin(
  proofs: ProofMaker,
  { item, facts }: { item: string; facts: PresentationFacts },
  options: PresentOptions,
): Promise<Answer> {
  const { inputs, signals } = loginStatement(facts)
  const proof = await proofs.prove({ circuit: 'login-v1', inputs, signals: loginSignals(signals) }, options)
  const { nullifier, deviceTag, deviceCommitment } = signals
  return { circuit: 'login-v1', item, proof, nullifier, deviceTag, deviceCommitment }
}

/** Throws what the prover throws, and `own_proof_invalid`. */
export async function answerCredential(
  proofs: ProofMaker,
  facts: CredentialFacts,
  options: PresentOptions,
): Promise<Answer> {
  const { inputs, signals } = presentStatement(facts)
  const proof = await proofs.prove({ circuit: 'present-v1', inputs, signals: presentSignals(signals) }, options)
  const { nullifier, link, credentialLink, deviceCommitment } = signals
  const { claims } = facts.held.credential
  const disclosed = Object.fromEntries(
    facts.item.predicates.flatMap(({ op, claim }) => {
      const value = op === '$sd' ? claims[claim] : undefined
      return value === undefined ? [] : [[claim, value]]
    }),
  )
  const item = facts.item.id
  return { circuit: 'present-v1', item, proof, nullifier, link, credentialLink, deviceCommitment, disclosed }
}
