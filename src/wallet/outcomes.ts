import type { NewEntry } from './activity.ts'
import type { CheckedOffer } from './offer.ts'
import type { WalletSession } from './session.ts'
import type { ActivityEntry, RequestView } from './wallet.ts'

/** What became of a request; without `code` it was declined. */
export type Outcome =
  | { readonly shared: 'yes'; readonly nickname: string; readonly learned: ActivityEntry['learned'] }
  | { readonly shared: 'nothing' | 'maybe'; readonly code?: string }

/** Writes down what became of a request. Never throws. */
export async function noteAnswer(session: WalletSession, view: RequestView, outcome: Outcome): Promise<void> {
  const { origin, purpose, asks } = view
  const questions = asks.flatMap((ask) => (ask.kind === 'credential' ? [ask.question] : []))
  const entry: NewEntry =
    outcome.shared === 'yes'
      ? {
          origin,
          questions,
          kind: purpose === 'sign_in' ? 'signed_in' : 'proved',
          nickname: outcome.nickname,
          learned: outcome.learned,
          shared: outcome.shared,
        }
      : {
          origin,
          questions,
          kind: outcome.code === undefined ? 'declined' : 'failed',
          // Where it is not known whether the site received it, what it may have learned is said.
          learned: outcome.shared === 'maybe' ? view.learned : [],
          ...(outcome.code !== undefined && { code: outcome.code }),
          shared: outcome.shared,
        }
  await session.activity.record(session.vaultIfOpen(), entry)
  session.changed()
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
