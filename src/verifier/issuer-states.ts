import type { IssuerMetadata } from '../protocol/issuer.ts'
import type { Presentation } from '../protocol/presentation.ts'
import { type CredentialItem, statusAgeOf } from '../protocol/query.ts'
import { CLOCK_TOLERANCE } from '../protocol/request.ts'
import { type EpochVerdict, judgeEpoch, type StatusEpoch } from '../protocol/status-history.ts'
import type { AnsweredItem } from './answered-items.ts'
import type { Refusal } from './check.ts'
import type { PresentationInput } from './presentation-input.ts'
import type { RefusalStatus } from './status.ts'

/** An issuer, and the epoch of it that is proved against. */
export type IssuerState = { readonly metadata: IssuerMetadata; readonly epoch: StatusEpoch }

/** Whether `epochs` names each issuer of the answered items once and no other: what is named beyond them would be told. */
export function namesEachIssuerOnce({ epochs }: Presentation, answered: readonly AnsweredItem[]): boolean {
  const asked = new Set(answered.flatMap(({ circuit, item }) => (circuit === 'login-v1' ? [] : item.issuers)))
  const named = new Set(epochs.map(({ issuer }) => issuer))
  return epochs.length === asked.size && named.size === asked.size && [...named].every((issuer) => asked.has(issuer))
}

const REFUSED: Readonly<Record<Exclude<EpochVerdict, 'ACCEPTED'>, RefusalStatus>> = {
  UNKNOWN: 'STATUS_EPOCH_UNKNOWN',
  SUPERSEDED: 'STATUS_LIST_SUPERSEDED',
  STALE: 'STATUS_LIST_STALE',
}

/**
 * Every issuer that an item names, each at the epoch that the presentation names. All of them or none: which one issued
 * the credential is hidden, so each epoch must be one that may still be proved against.
 */
export function readIssuerStates(
  item: CredentialItem,
  { presentation, issuers, histories, now, statusGrace }: PresentationInput,
): IssuerState[] | Refusal {
  const states: IssuerState[] = []
  for (const origin of new Set(item.issuers)) {
    const metadata = issuers(origin)
    const history = histories(origin)
    if (!metadata || !history) return { status: 'ISSUER_UNKNOWN' }
    const named = presentation.epochs.find(({ issuer }) => issuer === origin)
    const known = history.find(({ epoch }) => epoch === named?.epoch)
    if (!known) return { status: 'STATUS_EPOCH_UNKNOWN' }
    const rule = { now, maxAge: statusAgeOf(item), grace: statusGrace, tolerance: CLOCK_TOLERANCE }
    const verdict = judgeEpoch(history, known.epoch, rule)
    if (verdict !== 'ACCEPTED') return { status: REFUSED[verdict] }
    states.push({ metadata, epoch: known })
  }
  return states
}
