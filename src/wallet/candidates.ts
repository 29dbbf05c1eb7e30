import { credentialFields } from '../protocol/credential.ts'
import type { Day } from '../protocol/day.ts'
import type { FieldElement } from '../protocol/field.ts'
import { compilePredicates, satisfies } from '../protocol/predicate.ts'
import { type CredentialItem, partsOf } from '../protocol/query.ts'
import type { OpenVault } from '../vault/index.ts'
import { type IndexedCard, openCredential } from './credentials.ts'
import type { HeldCredential } from './held-credential.ts'
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

/** Why the circuit would find no proof, revocation aside; undefined if it will. Throws as `compilePredicates`. */
export function reasonAgainst(
  held: HeldCredential,
  item: CredentialItem,
  today: Day,
  deviceKeys: readonly FieldElement[],
): UnsatisfiableReason | undefined {
  const { credential, schema } = held
  // The index in clear brought it here; what is sealed decides.
  if (credential.schema !== item.schema || !item.issuers.includes(credential.issuer)) return 'predicates'
  if (today > credential.validUntil) return 'expired'
  if (today < credential.validFrom) return 'not_yet_valid'
  if (credential.issuedAt > (item.issuedBefore ?? today)) return 'issued_too_late'
  if (!held.deviceKeys.some((key) => deviceKeys.includes(key))) return 'device_key'
  const { claims, presenceMask } = credentialFields(schema, credential)
  const asked = partsOf(item).flatMap((predicates) => compilePredicates(schema, predicates))
  const holds = asked.every((predicate) => {
    const isPresent = ((presenceMask >> predicate.slot) & 1) === 1
    return satisfies(predicate, isPresent ? claims[predicate.slot] : undefined)
  })
  return holds ? undefined : 'predicates'
}
