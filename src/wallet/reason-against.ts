import { credentialFields } from '../protocol/credential.ts'
import type { Day } from '../protocol/day.ts'
import type { FieldElement } from '../protocol/field.ts'
import { compilePredicates, satisfies } from '../protocol/predicate.ts'
import { type CredentialItem, partsOf } from '../protocol/query.ts'
import type { HeldCredential } from './held-credential.ts'
import type { UnsatisfiableReason } from './wallet.ts'

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
