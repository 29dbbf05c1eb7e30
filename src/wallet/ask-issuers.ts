import type { Origin } from '../protocol/origin.ts'
import type { Presentation } from '../protocol/presentation.ts'
import { type CredentialItem, statusAgeOf } from '../protocol/query.ts'
import type { Chosen } from './choose-credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import { issuersOf } from './questions.ts'
import { type ListedIssuer, type Standing, standingOf } from './standing.ts'
import type { NamedIssuer, StatusLists } from './status-lists.ts'
import type { ProgressOptions } from './wallet.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

/** What the issuers' public lists say of the chosen credentials. */
export type AskedIssuers = {
  readonly epochs: Presentation['epochs']
  standing(item: CredentialItem): { readonly held: HeldCredential; readonly standing: Standing }
}

/**
 * Fetches the status list of every issuer that the items name, of the card's own no sooner and no otherwise than of the
 * others, and finds where each credential stands among them. Throws as {@link StatusLists} and {@link standingOf}: before
 * the first proof, so that what cannot be shown costs no time.
 */
export async function askIssuers(
  lists: StatusLists,
  chosen: readonly Chosen[],
  options: ProgressOptions,
): Promise<AskedIssuers> {
  const named = namedBy(chosen)
  const listed = named.length === 0 ? [] : await lists.newest(named, options)
  const shown = new Map(
    chosen.map(({ item, held }) => {
      const accepted = listed.filter(({ metadata }) => item.issuers.includes(metadata.origin))
      return [item.id, { held, standing: standingAmong(accepted, held) }]
    }),
  )
  return {
    epochs: listed.map(({ epoch: { issuer, epoch } }) => ({ issuer, epoch })),
    standing: (item) => {
      const found = shown.get(item.id)
      if (!found) throw new WalletError('credential_missing', 'an item has no credential')
      return found
    },
  }
}

const OF_THE_CARD = new Set(['credential_revoked', 'issuer_key_unknown'])

/** Says whose card it is that cannot be shown, for there may be several. */
function standingAmong(accepted: readonly ListedIssuer[], held: HeldCredential): Standing {
  try {
    return standingOf(held, accepted)
  } catch (cause) {
    const { code, message } = toWalletError(cause)
    if (!OF_THE_CARD.has(code)) throw cause
    throw new WalletError(code, message, { cause, origin: held.credential.issuer })
  }
}

/** Each issuer once, for the strictest of the items that name it; by origin, an order that says nothing. */
function namedBy(chosen: readonly Chosen[]): NamedIssuer[] {
  const ages = new Map<Origin, number>()
  for (const { item } of chosen) {
    for (const origin of issuersOf(item)) {
      ages.set(origin, Math.min(statusAgeOf(item), ages.get(origin) ?? Number.POSITIVE_INFINITY))
    }
  }
  return [...ages].map(([origin, maxAge]) => ({ origin, maxAge })).sort((a, b) => (a.origin < b.origin ? -1 : 1))
}
