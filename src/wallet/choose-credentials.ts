import type { Day } from '../protocol/day.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { CredentialItem } from '../protocol/query.ts'
import type { OpenVault } from '../vault/index.ts'
import { reasonAgainst } from './candidates.ts'
import { openCredential } from './credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import type { PreparedRequest } from './request-view.ts'
import type { Candidate, RequestView, UnsatisfiableReason } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** An item and the credential that is to answer it. */
export type Choice = { readonly item: CredentialItem; readonly credentialId: string }

/**
 * The credential for each item, as the person was shown it. The wallet never picks another in its place: the issuer is
 * among the things that a proof gives away, and the person agreed to this one.
 * Throws `cannot_satisfy` and `credential_expired` for an item that nothing here can answer, and `credential_missing`
 * where the choice is absent or was not among the candidates.
 */
export function choicesFor(prepared: PreparedRequest, choices: Readonly<Record<string, string>>): Choice[] {
  return prepared.items.flatMap((item) => {
    if (item.type === 'login') return []
    const candidates = candidatesOf(prepared.view, item.id)
    if (candidates.every(({ satisfiable }) => satisfiable === false)) throw unanswered(candidates[0]?.reason)
    const credentialId = Object.hasOwn(choices, item.id) ? choices[item.id] : undefined
    if (credentialId === undefined || !candidates.some((candidate) => candidate.credentialId === credentialId)) {
      throw new WalletError('credential_missing', 'no credential, or none that was offered, is chosen for an item')
    }
    return [{ item, credentialId }]
  })
}

/** Opens what was chosen. Throws `cannot_satisfy` and `credential_expired` if one of them does not answer its item. */
export async function openChosen(
  choices: readonly Choice[],
  facts: { readonly vault: OpenVault; readonly today: Day; readonly deviceKey: FieldElement },
): Promise<Map<string, HeldCredential>> {
  const chosen = new Map<string, HeldCredential>()
  for (const { item, credentialId } of choices) {
    const held = await openCredential(facts.vault, credentialId)
    const reason = reasonAgainst(held, item, facts.today, [facts.deviceKey])
    if (reason) throw unanswered(reason)
    chosen.set(item.id, held)
  }
  return chosen
}

function candidatesOf(view: RequestView, itemId: string): readonly Candidate[] {
  const ask = view.asks.find((candidate) => candidate.itemId === itemId)
  return ask?.kind === 'credential' ? ask.candidates : []
}

function unanswered(reason: UnsatisfiableReason | undefined): WalletError {
  return reason === 'expired'
    ? new WalletError('credential_expired', 'the credential has expired')
    : new WalletError('cannot_satisfy', 'the credential does not answer the request')
}
