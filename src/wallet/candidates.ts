import type { Day } from '../protocol/day.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { CredentialItem } from '../protocol/query.ts'
import type { OpenVault } from '../vault/index.ts'
import { type IndexedCard, openCredential } from './credentials.ts'
import { reasonAgainst } from './reason-against.ts'
import type { StatusLists } from './status-lists.ts'
import type { Candidate, Card, UnsatisfiableReason } from './wallet.ts'

/** What candidates are sought among. */
type Wallet = {
  readonly cards: readonly IndexedCard[]
  readonly vault: OpenVault | undefined
  readonly deviceKeys: readonly FieldElement[]
  readonly lists: Pick<StatusLists, 'saidRevoked'>
}

/**
 * The cards that could answer an item, by issuer and schema, those that may be able first. While the wallet is locked
 * (no vault) only an expiry is known, and of a card that cannot be opened nothing: that is for the person to meet who
 * chooses it, and no reason to refuse the request. `deviceKeys`: q̂ of the authenticators that are enrolled now. `lists`
 * tells what is known of revocations without asking anybody.
 */
export async function candidatesFor(item: CredentialItem, today: Day, wallet: Wallet): Promise<Candidate[]> {
  const fitting = wallet.cards.filter(
    ({ card, schema }) => schema === item.schema && item.issuers.includes(card.issuerOrigin),
  )
  const candidates = await Promise.all(
    fitting.map(async ({ card }): Promise<Candidate> => {
      const verdict = await verdictOn(card, item, today, wallet).catch(() => ({ satisfiable: 'unknown' as const }))
      return { credentialId: card.id, card, ...verdict }
    }),
  )
  return candidates.sort((a, b) => Number(a.satisfiable === false) - Number(b.satisfiable === false))
}

async function verdictOn(
  card: Card,
  item: CredentialItem,
  today: Day,
  { vault, deviceKeys, lists }: Wallet,
): Promise<Pick<Candidate, 'satisfiable' | 'reason'>> {
  if (!vault) return card.validUntil < today ? cannot('expired') : { satisfiable: 'unknown' }
  const held = await openCredential(vault, card.id)
  const reason = reasonAgainst(held, item, today, deviceKeys)
  if (reason) return cannot(reason)
  return (await lists.saidRevoked(held.credential)) ? cannot('revoked') : { satisfiable: true }
}

function cannot(reason: UnsatisfiableReason) {
  return { satisfiable: false, reason } as const
}
