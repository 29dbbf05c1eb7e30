/** One outcome of a check: what a relying party's code sees, and what its developer should do. */
export type StatusEntry = {
  /** Stable snake_case error code, as it goes over the wire. */
  readonly code: string
  /** Whether the same person may succeed by simply trying again. */
  readonly retryable: boolean
  /** What it means and what to do, for the developer of the relying party. */
  readonly advice: string
}

/**
 * Every way in which a presentation can be refused, in the order of the checks. The last group is decided by the
 * relying party's store, in the transaction that would have accepted the presentation.
 */
export const PRESENTATION_STATUSES = {
  SESSION_MISMATCH: entry('session_mismatch', false, 'Made for another session. Refuse it; start a new session.'),
  KEY_SET_MISMATCH: entry(
    'key_set_mismatch',
    false,
    'Made under another key set than the request named. Wallet and site must use the same key set.',
  ),
  ITEM_UNKNOWN: entry('item_unknown', false, 'Answers something that was not asked.'),
  ITEM_REPEATED: entry('item_repeated', false, 'Answers one part of an item twice.'),
  CIRCUIT_MISMATCH: entry('circuit_mismatch', false, 'Answers an item with the proof of another circuit.'),
  PART_UNKNOWN: entry('part_unknown', false, 'Answers a part that the item does not have.'),
  QUERY_UNANSWERED: entry(
    'query_unanswered',
    false,
    'The answered items do not answer the query, or one of them is answered in part.',
  ),
  EPOCHS_MISMATCH: entry(
    'epochs_mismatch',
    false,
    'The status lists that it names are not one for each issuer of the answered items.',
  ),
  DEVICE_MISMATCH: entry('device_mismatch', false, 'The proofs do not speak of one and the same authenticator.'),
  LINK_MISMATCH: entry('link_mismatch', false, 'The proofs do not speak of one and the same holder.'),
  NULLIFIER_MISMATCH: entry('nullifier_mismatch', false, 'Two proofs give the holder different names for one scope.'),
  CREDENTIAL_MISMATCH: entry('credential_mismatch', false, 'Two credentials together answer what one must.'),
  HOLDER_UNTIED: entry(
    'holder_untied',
    false,
    'A login and a once-only act with no credential that ties them to one person. Ask for a credential as well.',
  ),
  PROOF_MALFORMED: entry('proof_malformed', false, 'A proof is not three canonical curve points.'),
  ISSUER_UNKNOWN: entry('issuer_unknown', true, 'An issuer that the item names is not at hand.'),
  STATUS_EPOCH_UNKNOWN: entry(
    'status_epoch_unknown',
    true,
    'An issuer does not publish the status list that the proof was made against, or not yet.',
  ),
  STATUS_LIST_SUPERSEDED: entry(
    'status_list_superseded',
    true,
    'Made against a status list that has been replaced, and not just now. A new proof is made against the new one.',
  ),
  STATUS_LIST_STALE: entry(
    'status_list_stale',
    true,
    'An issuer’s status list is older than the item allows (`notRevokedWithin`). Has the issuer stopped publishing?',
  ),
  SCHEMA_UNKNOWN: entry('schema_unknown', false, 'No issuer that the item names publishes its schema.'),
  ISSUER_KEYS_TOO_MANY: entry('issuer_keys_too_many', false, 'The issuers of one item have more than 16 keys.'),
  DISCLOSURE_MISMATCH: entry(
    'disclosure_mismatch',
    false,
    'The disclosed claims are not exactly those that were asked for, or not of their types.',
  ),
  SIGNALS_INVALID: entry('signals_invalid', false, 'A public signal is not a canonical field element.'),
  PROOF_INVALID: entry(
    'proof_invalid',
    false,
    'A proof does not verify: a condition does not hold, or it was made for another request.',
  ),
  SESSION_EXPIRED: entry('session_expired', true, 'The session is over. Start a new one.'),
  SESSION_CANCELLED: entry(
    'session_cancelled',
    true,
    'The session was declined, or five presentations for it were refused. Start a new one.',
  ),
  CHALLENGE_USED: entry('challenge_used', true, 'A presentation was already accepted for this session.'),
  DEVICE_UNKNOWN: entry(
    'device_unknown',
    false,
    'This account is pinned to other authenticators. Sign in with one that was used before.',
  ),
  NULLIFIER_USED: entry(
    'nullifier_used',
    false,
    'This person has already done this once-only act, or an answer whose result is not read yet holds it (five minutes).',
  ),
} as const satisfies Record<string, StatusEntry>

export type RefusalStatus = keyof typeof PRESENTATION_STATUSES

function entry<const C extends string>(code: C, retryable: boolean, advice: string) {
  return { code, retryable, advice }
}
