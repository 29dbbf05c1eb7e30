import type { WalletError } from '../../wallet/wallet-error.ts'
import type en from '../messages/en.json'

/** A text under `trouble` in the message files. */
export type TroubleWords = Exclude<keyof typeof en.trouble, 'code' | 'detail' | 'issuer' | 'names' | 'actions'>

/**
 * The one thing to do. `again`: the same once more. `leave`: back to whoever sent the person here. `reload`: the page
 * anew. `settings`: where the wallet can be erased. `wallet`: begin at the wallet's first page. `delete`: delete the
 * card, where the page is that card's; elsewhere as `wallet`, for the card is found from there.
 */
export type Remedy = 'again' | 'leave' | 'reload' | 'settings' | 'wallet' | 'delete'

export type Trouble = {
  readonly words: TroubleWords
  readonly remedy: Remedy
  /** Which drawing goes with it: the key, with a grey streak, when the wrong metal was tried. */
  readonly refusedKey?: true
}

/** What a person is told for each code that can reach a page. A test compares it with the codes that there are. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  // The touch
  user_cancelled: { words: 'cancelled', remedy: 'again' },
  touch_invalid: { words: 'touch_refused', remedy: 'again', refusedKey: true },
  authenticator_unknown: { words: 'wrong_key', remedy: 'again', refusedKey: true },
  prf_mismatch: { words: 'wrong_secret', remedy: 'again', refusedKey: true },
  prf_unsupported: { words: 'no_prf', remedy: 'again', refusedKey: true },
  algorithm_unsupported: { words: 'no_prf', remedy: 'again', refusedKey: true },
  uv_missing: { words: 'no_verification', remedy: 'again', refusedKey: true },
  authenticator_invalid_state: { words: 'key_enrolled', remedy: 'again', refusedKey: true },
  authenticator_enrolled: { words: 'key_enrolled', remedy: 'again', refusedKey: true },
  response_malformed: { words: 'key_failed', remedy: 'again', refusedKey: true },
  ceremony_failed: { words: 'key_failed', remedy: 'again' },
  webauthn_unavailable: { words: 'no_webauthn', remedy: 'reload' },

  // The wallet and what it keeps
  wallet_busy: { words: 'busy', remedy: 'again' },
  wallet_locked: { words: 'locked', remedy: 'again' },
  vault_locked: { words: 'locked', remedy: 'again' },
  wallet_missing: { words: 'no_wallet', remedy: 'wallet' },
  vault_missing: { words: 'no_wallet', remedy: 'wallet' },
  vault_exists: { words: 'wallet_exists', remedy: 'wallet' },
  vault_malformed: { words: 'wallet_damaged', remedy: 'settings' },
  vault_tampered: { words: 'wallet_damaged', remedy: 'settings' },
  holder_secret_zero: { words: 'wallet_damaged', remedy: 'settings' },
  vault_version: { words: 'wallet_newer', remedy: 'reload' },
  record_corrupt: { words: 'record_damaged', remedy: 'delete' },
  credential_corrupt: { words: 'record_damaged', remedy: 'delete' },
  storage_unavailable: { words: 'storage_unavailable', remedy: 'again' },
  storage_full: { words: 'storage_full', remedy: 'again' },
  storage_blocked: { words: 'storage_blocked', remedy: 'again' },
  storage_conflict: { words: 'view_stale', remedy: 'reload' },
  view_unknown: { words: 'view_stale', remedy: 'leave' },
  settings_invalid: { words: 'settings', remedy: 'settings' },
  auto_lock_invalid: { words: 'settings', remedy: 'settings' },
  credential_missing: { words: 'card_missing', remedy: 'wallet' },
  credential_expired: { words: 'card_expired', remedy: 'leave' },
  credential_revoked: { words: 'card_revoked', remedy: 'leave' },
  issuer_key_unknown: { words: 'card_key', remedy: 'leave' },
  cannot_satisfy: { words: 'cannot_satisfy', remedy: 'leave' },
  alternative_missing: { words: 'view_stale', remedy: 'leave' },

  // The issuers' lists of revoked cards
  status_list_stale: { words: 'list_old', remedy: 'again' },
  status_list_mismatch: { words: 'list_wrong', remedy: 'again' },
  status_list_invalid: { words: 'list_wrong', remedy: 'again' },
  status_history_invalid: { words: 'list_wrong', remedy: 'again' },

  // The issuer
  offer_link_invalid: { words: 'offer_link', remedy: 'wallet' },
  issuer_unreachable: { words: 'issuer_unreachable', remedy: 'again' },
  offer_gone: { words: 'offer_gone', remedy: 'leave' },
  offer_expired: { words: 'offer_gone', remedy: 'leave' },
  offer_used: { words: 'offer_gone', remedy: 'leave' },
  offer_unknown: { words: 'offer_gone', remedy: 'leave' },
  offer_mismatch: { words: 'offer_wrong', remedy: 'leave' },
  offer_schema_unknown: { words: 'offer_wrong', remedy: 'leave' },
  offer_claims_invalid: { words: 'offer_wrong', remedy: 'leave' },
  offer_invalid: { words: 'offer_wrong', remedy: 'leave' },
  issuer_metadata_invalid: { words: 'offer_wrong', remedy: 'leave' },
  issuer_mismatch: { words: 'offer_wrong', remedy: 'leave' },
  schema_invalid: { words: 'offer_wrong', remedy: 'leave' },
  claim_invalid: { words: 'offer_wrong', remedy: 'leave' },
  claim_missing: { words: 'offer_wrong', remedy: 'leave' },
  claim_unknown: { words: 'offer_wrong', remedy: 'leave' },
  claims_length: { words: 'offer_wrong', remedy: 'leave' },
  issuer_refused: { words: 'issuer_refused', remedy: 'leave' },
  acceptance_invalid: { words: 'issuer_refused', remedy: 'leave' },
  credential_mismatch: { words: 'issuer_signature', remedy: 'leave' },
  credential_signature: { words: 'issuer_signature', remedy: 'leave' },
  credential_invalid: { words: 'issuer_signature', remedy: 'leave' },

  // The site
  site_unreachable: { words: 'site_unreachable', remedy: 'leave' },
  site_refused: { words: 'site_refused', remedy: 'leave' },
  site_answer_invalid: { words: 'site_answer', remedy: 'leave' },
  request_unsigned: { words: 'request_wrong', remedy: 'leave' },
  request_signature: { words: 'request_wrong', remedy: 'leave' },
  request_origin: { words: 'request_wrong', remedy: 'leave' },
  relying_party_mismatch: { words: 'request_wrong', remedy: 'leave' },
  request_expired: { words: 'request_expired', remedy: 'leave' },
  request_day: { words: 'request_day', remedy: 'leave' },
  request_invalid: { words: 'request_malformed', remedy: 'leave' },
  relying_party_invalid: { words: 'request_malformed', remedy: 'leave' },
  wallet_metadata_invalid: { words: 'request_malformed', remedy: 'leave' },
  message_invalid: { words: 'request_malformed', remedy: 'leave' },
  origin_invalid: { words: 'request_malformed', remedy: 'leave' },
  predicate_claim_unknown: { words: 'request_malformed', remedy: 'leave' },
  predicate_range: { words: 'request_malformed', remedy: 'leave' },
  predicate_type: { words: 'request_malformed', remedy: 'leave' },
  predicate_set: { words: 'request_malformed', remedy: 'leave' },
  too_many_predicates: { words: 'request_malformed', remedy: 'leave' },
  part_unknown: { words: 'request_malformed', remedy: 'leave' },
  issuers_too_many: { words: 'request_malformed', remedy: 'leave' },
  opener_missing: { words: 'no_opener', remedy: 'wallet' },
  site_silent: { words: 'silent', remedy: 'leave' },

  // Refusals by the site's server, which come as the detail of `site_refused`
  session_expired: { words: 'site_session_over', remedy: 'leave' },
  session_cancelled: { words: 'site_session_over', remedy: 'leave' },
  session_unknown: { words: 'site_session_over', remedy: 'leave' },
  challenge_used: { words: 'site_used', remedy: 'leave' },
  nullifier_used: { words: 'site_once', remedy: 'leave' },
  device_unknown: { words: 'site_device', remedy: 'leave' },
  status_list_superseded: { words: 'site_lists', remedy: 'again' },
  status_epoch_unknown: { words: 'site_lists', remedy: 'again' },

  // Keys and proofs
  key_set_unknown: { words: 'key_set', remedy: 'reload' },
  key_set_mismatch: { words: 'key_set', remedy: 'reload' },
  key_set_invalid: { words: 'artefact_corrupt', remedy: 'reload' },
  key_set_circuit_unknown: { words: 'artefact_corrupt', remedy: 'reload' },
  key_set_development: { words: 'key_set', remedy: 'reload' },
  key_hash_mismatch: { words: 'artefact_corrupt', remedy: 'again' },
  key_invalid: { words: 'artefact_corrupt', remedy: 'again' },
  key_missing: { words: 'artefact_corrupt', remedy: 'again' },
  key_unsafe: { words: 'artefact_corrupt', remedy: 'reload' },
  randomness_invalid: { words: 'prover', remedy: 'reload' },
  artefact_corrupt: { words: 'artefact_corrupt', remedy: 'again' },
  artefact_unreachable: { words: 'artefact_unreachable', remedy: 'again' },
  circuit_unknown: { words: 'prover', remedy: 'reload' },
  proof_failed: { words: 'prover', remedy: 'again' },
  prover_crashed: { words: 'prover', remedy: 'again' },
  proving_key_invalid: { words: 'prover', remedy: 'reload' },
  witness_input_missing: { words: 'prover', remedy: 'reload' },
  witness_input_range: { words: 'prover', remedy: 'reload' },
  witness_input_size: { words: 'prover', remedy: 'reload' },
  witness_input_unknown: { words: 'prover', remedy: 'reload' },
  witness_program_invalid: { words: 'prover', remedy: 'reload' },
  witness_unsatisfied: { words: 'prover', remedy: 'again' },
  own_proof_invalid: { words: 'own_proof', remedy: 'again' },
  presentation_invalid: { words: 'own_proof', remedy: 'again' },

  // Encodings: whoever sent it, what came is not what the format allows
  base64url_invalid: { words: 'malformed', remedy: 'leave' },
  date_invalid: { words: 'malformed', remedy: 'leave' },
  day_out_of_range: { words: 'malformed', remedy: 'leave' },
  field_length: { words: 'malformed', remedy: 'leave' },
  field_out_of_range: { words: 'malformed', remedy: 'leave' },
  json_not_canonical: { words: 'malformed', remedy: 'leave' },
  poseidon_arity: { words: 'malformed', remedy: 'leave' },
  proof_encoding: { words: 'malformed', remedy: 'leave' },
  proof_length: { words: 'malformed', remedy: 'leave' },
  proof_not_on_curve: { words: 'malformed', remedy: 'leave' },
  tree_full: { words: 'malformed', remedy: 'leave' },
  tree_place: { words: 'malformed', remedy: 'leave' },

  unexpected: { words: 'unknown', remedy: 'again' },
}

/** What is told instead where it was one of the issuers that a site names, and no offer. */
export const NAMED_ISSUER_TROUBLES: Readonly<Record<string, Trouble>> = {
  issuer_unreachable: { words: 'named_issuer_unreachable', remedy: 'again' },
  issuer_metadata_invalid: { words: 'named_issuer_wrong', remedy: 'again' },
  issuer_mismatch: { words: 'named_issuer_wrong', remedy: 'again' },
  schema_invalid: { words: 'named_issuer_wrong', remedy: 'again' },
}

/** A refusal without words of its own, of which the site says that another try may do. */
export const REFUSED_FOR_NOW: Trouble = { words: 'site_refused_for_now', remedy: 'again' }

/**
 * What to tell for an error; for one whose code has no row, that it has no name, and the code stands under Details.
 * `origin` is set where it was one of the issuers that a site names.
 */
export function troubleOf(error: Pick<WalletError, 'code' | 'detail' | 'retryable' | 'origin'>): Trouble {
  const { code, detail, origin } = error
  const told = code === 'site_refused' || code === 'issuer_refused' ? own(TROUBLES, detail) : undefined
  const named = origin === undefined ? undefined : own(NAMED_ISSUER_TROUBLES, code)
  if (told === undefined && code === 'site_refused' && error.retryable) return REFUSED_FOR_NOW
  return told ?? named ?? own(TROUBLES, code) ?? { words: 'unknown', remedy: 'again' }
}

function own(troubles: Readonly<Record<string, Trouble>>, code: string | undefined): Trouble | undefined {
  return code !== undefined && Object.hasOwn(troubles, code) ? troubles[code] : undefined
}
