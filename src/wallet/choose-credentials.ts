import type { Day } from '../protocol/day.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { CredentialItem } from '../protocol/query.ts'
import type { OpenVault } from '../vault/index.ts'
import { openCredential } from './credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import { reasonAgainst } from './reason-against.ts'
import type { PreparedAlternative, PreparedRequest } from './request-view.ts'
import type { Alternative, Candidate, ChosenAnswer, UnsatisfiableReason } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/**
 * The way to answer that the person picked, telling what the chosen cards tell; it need not be named where there is no
 * other. Throws `alternative_missing`.
 */
export function alternativeFor(
  { alternatives }: PreparedRequest,
  { alternative: id, choices = {} }: ChosenAnswer,
): PreparedAlternative {
  const [only] = alternatives
  const picked = id === undefined && alternatives.length === 1 ? only : alternatives.find(({ view }) => view.id === id)
  if (!picked) throw new WalletError('alternative_missing', 'no way to answer, or none that was shown, is picked')
  return { ...picked, view: { ...picked.view, ...picked.consequences(choices) } }
}

/** An item and the credential that is to answer it. */
export type Choice = { readonly item: CredentialItem; readonly credentialId: string }

/**
 * The credential for each item, as the person was shown it. The wallet never picks another in its place: what a proof
 * discloses comes from this card, and the person agreed to it.
 * Throws `cannot_satisfy`, `credential_expired` and `credential_revoked` for an item that nothing here can answer, and `credential_missing`
 * where the choice is absent or was not among the candidates.
 */
export function choicesFor({ view, items }: PreparedAlternative, choices: Readonly<Record<string, string>>): Choice[] {
  return items.flatMap((item) => {
    if (item.type === 'login') return []
    const candidates = candidatesOf(view, item.id)
    if (candidates.every(({ satisfiable }) => satisfiable === false)) throw unanswered(candidates[0]?.reason)
    const credentialId = Object.hasOwn(choices, item.id) ? choices[item.id] : undefined
    if (credentialId === undefined || !candidates.some((candidate) => candidate.credentialId === credentialId)) {
      throw new WalletError('credential_missing', 'no credential, or none that was offered, is chosen for an item')
    }
    return [{ item, credentialId }]
  })
}

/** The same, opened. */
export type Chosen = { readonly item: CredentialItem; readonly held: HeldCredential }

/** Opens what was chosen. Throws `cannot_satisfy` and `credential_expired` if one of them does not answer its item. */
export async function openChosen(
  choices: readonly Choice[],
  facts: { readonly vault: OpenVault; readonly today: Day; readonly deviceKey: FieldElement },
): Promise<Chosen[]> {
  const chosen: Chosen[] = []
  for (const { item, credentialId } of choices) {
    const held = await openCredential(facts.vault, credentialId)
    const reason = reasonAgainst(held, item, facts.today, [facts.deviceKey])
    if (reason) throw unanswered(reason)
    chosen.push({ item, held })
  }
  return chosen
}

function candidatesOf(view: Alternative, itemId: string): readonly Candidate[] {
  const ask = view.asks.find((candidate) => candidate.itemId === itemId)
  return ask?.kind === 'credential' ? ask.candidates : []
}

function unanswered(reason: UnsatisfiableReason | undefined): WalletError {
  if (reason === 'expired') return new WalletError('credential_expired', 'the credential has expired')
  if (reason === 'revoked') return new WalletError('credential_revoked', 'the credential is revoked or suspended')
  return new WalletError('cannot_satisfy', 'the credential does not answer the request')
}
