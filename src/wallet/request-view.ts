import type { UnixSeconds } from '../protocol/day.ts'
import { deviceKeyHash } from '../protocol/device.ts'
import { ProtocolError } from '../protocol/error.ts'
import { compilePredicates } from '../protocol/predicate.ts'
import {
  actionOf,
  alternativesOf,
  type CredentialItem,
  itemsOf,
  partsOf,
  type QueryItem,
  statusAgeOf,
} from '../protocol/query.ts'
import type { Schema } from '../protocol/schema.ts'
import { enrolledAuthenticators, type WalletStore } from '../vault/index.ts'
import { candidatesFor } from './candidates.ts'
import { knownSchema, listCards } from './credentials.ts'
import { type Facts, issuersOf, learnedFrom, notLearnedFrom, questionOf } from './questions.ts'
import type { CheckedRequest } from './request.ts'
import type { WalletSession } from './session.ts'
import type { StatusLists } from './status-lists.ts'
import type { Alternative, Ask, Candidate, Consequences, RequestView } from './wallet.ts'

/** One way to answer, as the holder sees it, and the items that the wallet will answer then. */
export type PreparedAlternative = {
  readonly view: Alternative
  readonly items: readonly QueryItem[]
  /** What it tells if these cards answer, by item id. */
  readonly consequences: (choices: Facts['choices']) => Consequences
}

/** A request as the holder sees it, with the ways to answer it in the same order. */
export type PreparedRequest = { readonly view: RequestView; readonly alternatives: readonly PreparedAlternative[] }

/**
 * Puts a checked request beside what the wallet holds. Everything it needs while locked is kept in clear; nobody is
 * asked for anything, so that reading a request tells no issuer of it. Whatever is held, there is a view: a request that
 * failed to be read for some holders only would tell its site something of them before they agreed.
 */
export async function prepareRequest(
  session: WalletSession,
  lists: StatusLists,
  checked: CheckedRequest,
): Promise<PreparedRequest> {
  const { payload, origin, transport, keyId, requestHash } = checked
  const { today } = payload
  const store = await session.store()
  const wallet = {
    cards: await listCards(store),
    vault: session.vaultIfOpen(),
    deviceKeys: ((await enrolledAuthenticators(store)) ?? []).map(({ publicKey }) => deviceKeyHash(publicKey)),
    lists,
  }
  const schemas = new Map<string, Schema>()
  const candidates = new Map<string, readonly Candidate[]>()
  for (const item of itemsOf(payload.query)) {
    const schema = item.type === 'login' ? undefined : await answeringSchema(store, item)
    if (item.type === 'login' || !schema) continue
    schemas.set(item.id, schema)
    candidates.set(item.id, await candidatesFor(item, today, wallet))
  }
  const nickname = (await store.get('sites', origin))?.nickname
  const facts: Facts = { schemas, today, nickname, candidates, choices: {} }
  const alternatives = alternativesOf(payload.query).map((items): PreparedAlternative => {
    const view = alternativeView(items, facts)
    return { view, items, consequences: (choices) => consequencesOf(items, { ...facts, choices }) }
  })
  const view: RequestView = {
    origin,
    alternatives: alternatives.map((alternative) => alternative.view),
    ...(payload.purpose !== undefined && { sitePurpose: payload.purpose }),
    ...(nickname !== undefined && { nickname }),
    expires: payload.exp as UnixSeconds,
    transport,
    details: { session: payload.session, keySet: payload.keySet, keyId, today, requestHash },
  }
  return { view, alternatives }
}

function alternativeView(items: readonly QueryItem[], facts: Facts): Alternative {
  const { candidates } = facts
  const able = items.map((item) => (item.type === 'login' ? true : bestOf(candidates.get(item.id) ?? [])))
  return {
    // No id of an item has a plus sign, and no two ways the same items.
    id: items.map(({ id }) => id).join('+'),
    purpose: items.every(({ type }) => type === 'login') ? 'sign_in' : 'prove',
    asks: items.map((item) =>
      item.type === 'login' ? { kind: 'login', itemId: item.id } : credentialAsk(item, facts),
    ),
    ...consequencesOf(items, facts),
    answerable: worstOf(able),
  }
}

function consequencesOf(items: readonly QueryItem[], facts: Facts): Consequences {
  return { learned: learnedFrom(items, facts), notLearned: notLearnedFrom(items, facts) }
}

function credentialAsk(item: CredentialItem, { schemas, today, candidates }: Facts): Ask {
  const schema = schemas.get(item.id)
  return {
    kind: 'credential',
    itemId: item.id,
    ...(item.type !== 'credential' && { act: { type: item.type, action: actionOf(item) } }),
    question: questionOf(item, schema, today),
    ...(schema && { credentialKind: schema.name }),
    candidates: candidates.get(item.id) ?? [],
    issuersAccepted: issuersOf(item),
    notRevokedWithin: statusAgeOf(item),
  }
}

/** Whether something can be answered; `unknown` while the wallet is locked. */
type Ability = Alternative['answerable']

/** Everything is answered or nothing is. */
function worstOf(abilities: readonly Ability[]): Ability {
  if (abilities.includes(false)) return false
  return abilities.includes('unknown') ? 'unknown' : true
}

function bestOf(candidates: readonly Candidate[]): Ability {
  if (candidates.some(({ satisfiable }) => satisfiable === true)) return true
  return candidates.some(({ satisfiable }) => satisfiable === 'unknown') ? 'unknown' : false
}

/**
 * The schema of an item, if the wallet has met it and it can answer what the item asks. One whose claims do not fit is no
 * better than one never met, and looks like it.
 */
async function answeringSchema(store: WalletStore, item: CredentialItem): Promise<Schema | undefined> {
  const schema = await knownSchema(store, item.schema)
  return schema && fits(schema, item) ? schema : undefined
}

function fits(schema: Schema, item: CredentialItem): boolean {
  try {
    for (const predicates of partsOf(item)) compilePredicates(schema, predicates)
    return true
  } catch (cause) {
    if (cause instanceof ProtocolError) return false
    throw cause
  }
}
