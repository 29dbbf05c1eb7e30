import { disclosedClaims } from '../protocol/disclosure.ts'
import type { Answer } from '../protocol/presentation.ts'
import { partsOf } from '../protocol/query.ts'
import { loginSignals, presentSignals } from '../protocol/signals.ts'
import { type CredentialFacts, loginStatement, type PresentationFacts, presentStatement } from './circuit-inputs.ts'
import type { ProofMaker } from './own-proof.ts'
import type { ProgressOptions } from './wallet.ts'

/** Throws what the prover throws, and `own_proof_invalid`. */
export async function answerLogin(
  proofs: Pick<ProofMaker, 'prove'>,
  { item, facts }: { item: string; facts: PresentationFacts },
  options: ProgressOptions,
): Promise<Answer> {
  const { inputs, signals } = loginStatement(facts)
  const proof = await proofs.prove({ circuit: 'login-v1', inputs, signals: loginSignals(signals) }, options)
  const { nullifier, deviceTag, deviceCommitment } = signals
  return { circuit: 'login-v1', item, proof, nullifier, deviceTag, deviceCommitment }
}

/** One part of an item. Throws what the prover throws, `own_proof_invalid`, and what the statement throws. */
export async function answerCredential(
  proofs: Pick<ProofMaker, 'prove'>,
  facts: CredentialFacts,
  options: ProgressOptions,
): Promise<Answer> {
  const { inputs, signals } = presentStatement(facts)
  const proof = await proofs.prove({ circuit: 'present-v1', inputs, signals: presentSignals(signals) }, options)
  const { nullifier, link, credentialLink, deviceCommitment } = signals
  const disclosed = disclosedClaims(partsOf(facts.item)[facts.part] ?? [], facts.held.credential.claims)
  const item = facts.item.id
  const { part } = facts
  return { circuit: 'present-v1', item, part, proof, nullifier, link, credentialLink, deviceCommitment, disclosed }
}
