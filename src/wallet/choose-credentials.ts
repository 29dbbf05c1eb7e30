import type { FieldElement } from '../protocol/field.ts'
import type { IssuerKey } from '../protocol/issuer.ts'
import type { OpenVault } from '../vault/index.ts'
import { reasonAgainst } from './candidates.ts'
import { openCredential } from './credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import { fetchIssuerMetadata } from './issuer.ts'
import type { CheckedRequest } from './request.ts'
import type { PreparedRequest } from './request-view.ts'
import type { WalletSession } from './session.ts'
import type { RequestView } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** The credential for each item: the person's choice, or the first that answers it. */
export async function chooseCredentials(options: {
  readonly vault: OpenVault
  readonly checked: CheckedRequest
  readonly prepared: PreparedRequest
  readonly choices: Readonly<Record<string, string>>
  readonly deviceKey: FieldElement
}): Promise<Map<string, HeldCredential>> {
  const { vault, checked, prepared, choices, deviceKey } = options
  const chosen = new Map<string, HeldCredential>()
  for (const item of prepared.items) {
    if (item.type === 'login') continue
    const ids = candidateIds(prepared.view, item.id)
    const choice = Object.hasOwn(choices, item.id) ? choices[item.id] : undefined
    if (choice !== undefined && !ids.includes(choice)) {
      throw new WalletError('credential_missing', 'the chosen credential cannot answer this item')
    }
    let reason: string | undefined
    for (const id of choice === undefined ? ids : [choice]) {
      const held = await openCredential(vault, id)
      reason = reasonAgainst(held, item, checked.payload.today, [deviceKey])
      if (reason) continue
      chosen.set(item.id, held)
      break
    }
    if (chosen.has(item.id)) continue
    if (reason === 'expired') throw new WalletError('credential_expired', 'the credential has expired')
    throw new WalletError('cannot_satisfy', 'no credential in this wallet answers the request')
  }
  return chosen
}

function candidateIds(view: RequestView, itemId: string): string[] {
  const ask = view.asks.find((candidate) => candidate.itemId === itemId)
  return ask?.kind === 'credential' ? ask.candidates.map(({ credentialId }) => credentialId) : []
}

/**
 * The signing key of each credential as its issuer lists it now, for the site's server compares with that list. Where
 * the issuer cannot be reached the key that was verified at receipt stands in: it is public, and the site decides.
 * Throws `issuer_key_gone`.
 */
export async function currentIssuerKeys(
  session: WalletSession,
  credentials: readonly HeldCredential[],
  signal: AbortSignal | undefined,
): Promise<Map<HeldCredential, IssuerKey>> {
  const { fetch } = session.environment
  const keys = new Map<HeldCredential, IssuerKey>()
  await Promise.all(
    [...new Set(credentials)].map(async (held) => {
      const metadata = await fetchIssuerMetadata(held.credential.issuer, { fetch, signal, timeoutMs: 5_000 }).catch(
        (cause) => {
          if (cause instanceof WalletError && cause.code === 'issuer_unreachable') return undefined
          throw cause
        },
      )
      const key = metadata ? metadata.keys.find((candidate) => signed(candidate, held)) : held.issuerKey
      if (!key) throw new WalletError('issuer_key_gone', 'the issuer no longer lists the key behind this credential')
      keys.set(held, key)
    }),
  )
  return keys
}

function signed(key: IssuerKey, { credential, issuerKey }: HeldCredential): boolean {
  const samePoint = key.point[0] === issuerKey.point[0] && key.point[1] === issuerKey.point[1]
  return samePoint && key.notBefore <= credential.issuedAt && credential.issuedAt <= key.notAfter
}
