import type { UnixSeconds } from '../protocol/day.ts'
import { deviceKeyHash } from '../protocol/device.ts'
import { actionOf, type CredentialItem, itemsOf, type QueryItem } from '../protocol/query.ts'
import type { Schema } from '../protocol/schema.ts'
import { enrolledAuthenticators } from '../vault/index.ts'
import { candidatesFor } from './candidates.ts'
import { knownSchema, listCards } from './credentials.ts'
import { learnedFrom, notLearnedFrom, questionOf, type Schemas } from './questions.ts'
import type { CheckedRequest } from './request.ts'
import type { WalletSession } from './session.ts'
import type { Ask, Candidate, RequestView } from './wallet.ts'

/** A request as the holder sees it, and what the wallet will answer of it. */
export type PreparedRequest = { readonly view: RequestView; readonly items: readonly QueryItem[] }

/**
 * Puts a checked request beside what the wallet holds. Everything it needs while locked is kept in clear; nobody is
 * asked for anything, so that reading a request tells no issuer of it.
 */
export async function prepareRequest(session: WalletSession, checked: CheckedRequest): Promise<PreparedRequest> {
  const { payload, origin, transport, keyId, requestHash } = checked
  const { today } = payload
  const store = await session.store()
  const wallet = {
    cards: await listCards(store),
    vault: session.vaultIfOpen(),
    deviceKeys: ((await enrolledAuthenticators(store)) ?? []).map(({ publicKey }) => deviceKeyHash(publicKey)),
  }
  const candidates = new Map<string, Candidate[]>()
  const items = itemsOf(payload.query)
  for (const item of items) {
    if (item.type !== 'login') candidates.set(item.id, await candidatesFor(item, today, wallet))
  }
  const able = worstOf(items.map((item) => (item.type === 'login' ? true : bestOf(candidates.get(item.id) ?? []))))
  const schemas = await schemasOf(session, items)
  const nickname = (await store.get('sites', origin))?.nickname
  const asks = items.map(
    (item): Ask =>
      item.type === 'login'
        ? { kind: 'login', itemId: item.id }
        : credentialAsk(item, {
            schema: schemas.get(item.schema),
            today,
            candidates: candidates.get(item.id) ?? [],
          }),
  )
  const view: RequestView = {
    origin,
    purpose: asks.some(({ kind }) => kind === 'credential') ? 'prove' : 'sign_in',
    asks,
    learned: learnedFrom(items, { schemas, today, nickname }),
    notLearned: notLearnedFrom(items, schemas),
    ...(nickname !== undefined && { nickname }),
    answerable: able,
    expires: payload.exp as UnixSeconds,
    transport,
    details: { session: payload.session, keySet: payload.keySet, keyId, today, requestHash },
  }
  return { view, items }
}

function credentialAsk(
  item: CredentialItem,
  facts: { schema: Schema | undefined; today: CheckedRequest['payload']['today']; candidates: readonly Candidate[] },
): Ask {
  const { schema, today, candidates } = facts
  return {
    kind: 'credential',
    itemId: item.id,
    ...(item.type !== 'credential' && { act: { type: item.type, action: actionOf(item) } }),
    question: questionOf(item, schema, today),
    ...(schema && { credentialKind: schema.name }),
    candidates,
    issuersAccepted: [...new Set(item.issuers)],
  }
}

/** Whether something can be answered; `unknown` while the wallet is locked. */
type Ability = RequestView['answerable']

/** Everything is answered or nothing is. */
function worstOf(abilities: readonly Ability[]): Ability {
  if (abilities.includes(false)) return false
  return abilities.includes('unknown') ? 'unknown' : true
}

function bestOf(candidates: readonly Candidate[]): Ability {
  if (candidates.some(({ satisfiable }) => satisfiable === true)) return true
  return candidates.some(({ satisfiable }) => satisfiable === 'unknown') ? 'unknown' : false
}

async function schemasOf(session: WalletSession, items: readonly QueryItem[]): Promise<Schemas> {
  const store = await session.store()
  const schemas = new Map<string, Schema>()
  for (const item of items) {
    const schema = item.type === 'login' ? undefined : await knownSchema(store, item.schema)
    if (item.type !== 'login' && schema) schemas.set(item.schema, schema)
  }
  return schemas
}
