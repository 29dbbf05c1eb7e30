import { credentialFields } from '../protocol/credential.ts'
import type { Day } from '../protocol/day.ts'
import type { FieldElement } from '../protocol/field.ts'
import { compilePredicates, satisfies } from '../protocol/predicate.ts'
import type { CredentialItem } from '../protocol/query.ts'
import type { OpenVault } from '../vault/index.ts'
import { type IndexedCard, openCredential } from './credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import type { Candidate, UnsatisfiableReason } from './wallet.ts'

/**
 * The cards that could answer an item, by issuer and schema, those that may be able first. While the wallet is locked
 * (no vault) only an expiry is known. `deviceKeys`: q̂ of the authenticators that are enrolled now.
 * Throws as `compilePredicates` where the item asks what its schema cannot answer.
 */
export async function candidatesFor(
  item: CredentialItem,
  today: Day,
  wallet: {
    readonly cards: readonly IndexedCard[]
    readonly vault: OpenVault | undefined
    readonly deviceKeys: readonly FieldElement[]
  },
): Promise<Candidate[]> {
  const fitting = wallet.cards.filter(
    ({ card, schema }) => schema === item.schema && item.issuers.includes(card.issuerOrigin),
  )
  const candidates = await Promise.all(
    fitting.map(async ({ card }): Promise<Candidate> => {
      const { vault, deviceKeys } = wallet
      const reason = vault
        ? reasonAgainst(await openCredential(vault, card.id), item, today, deviceKeys)
        : card.validUntil < today
          ? 'expired'
          : undefined
      if (reason) return { credentialId: card.id, card, satisfiable: false, reason }
      return { credentialId: card.id, card, satisfiable: vault ? true : 'unknown' }
    }),
  )
  return candidates.sort((a, b) => Number(a.satisfiable === false) - Number(b.satisfiable === false))
}

/** Why the circuit would find no proof, or undefined if it will. */
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
  const holds = compilePredicates(schema, item.predicates).every((predicate) => {
    const isPresent = ((presenceMask >> predicate.slot) & 1) === 1
    return satisfies(predicate, isPresent ? claims[predicate.slot] : undefined)
  })
  return holds ? undefined : 'predicates'
}
