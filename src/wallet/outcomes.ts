import type { NewEntry } from './activity.ts'
import type { CheckedOffer } from './offer.ts'
import type { WalletSession } from './session.ts'
import type { ActivityEntry, Alternative, Question, RequestView } from './wallet.ts'

/** What became of a request; without `code` it was declined. */
export type Outcome =
  | { readonly shared: 'yes'; readonly nickname: string; readonly learned: ActivityEntry['learned'] }
  | { readonly shared: 'nothing' | 'maybe'; readonly code?: string }

/**
 * Writes down what became of a request: of the way to answer that was `picked`, or of all of them where none was. Never
 * throws.
 */
export async function noteAnswer(
  session: WalletSession,
  { view, picked }: { readonly view: RequestView; readonly picked?: Alternative | undefined },
  outcome: Outcome,
): Promise<void> {
  const entry: NewEntry = {
    origin: view.origin,
    questions: questionsOf(picked ? [picked] : view.alternatives),
    ...(outcome.shared === 'yes'
      ? {
          kind: picked?.purpose === 'sign_in' ? 'signed_in' : 'proved',
          nickname: outcome.nickname,
          learned: outcome.learned,
        }
      : {
          kind: outcome.code === undefined ? 'declined' : 'failed',
          // Where it is not known whether the site received it, what it may have learned is said.
          learned: (outcome.shared === 'maybe' && picked?.learned) || [],
          ...(outcome.code !== undefined && { code: outcome.code }),
        }),
    shared: outcome.shared,
  }
  await session.activity.record(session.vaultIfOpen(), entry)
  session.changed()
}

/** Each item's once, though several ways to answer have it. */
function questionsOf(alternatives: readonly Alternative[]): Question[] {
  const asks = alternatives.flatMap((alternative) => alternative.asks)
  const byItem = new Map(asks.flatMap((ask) => (ask.kind === 'credential' ? [[ask.itemId, ask.question]] : [])))
  return [...byItem.values()]
}

/** The issuer may hold an acceptance for which no credential was kept. Never throws. */
export async function noteFailedReceipt(
  session: WalletSession,
  { offer, schema }: CheckedOffer,
  code: string,
): Promise<void> {
  const entry: NewEntry = {
    kind: 'failed',
    origin: offer.issuer,
    credentialKind: schema.name,
    questions: [],
    learned: [],
    code,
    shared: 'maybe',
  }
  await session.activity.record(session.vaultIfOpen(), entry)
  session.changed()
}
