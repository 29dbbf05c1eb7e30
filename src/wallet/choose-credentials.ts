import type { FieldElement } from '../protocol/field.ts'
import type { OpenVault } from '../vault/index.ts'
import { reasonAgainst } from './candidates.ts'
import { openCredential } from './credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import type { CheckedRequest } from './request.ts'
import type { PreparedRequest } from './request-view.ts'
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
