import { type Day, toDay } from '../protocol/day.ts'
import { type Origin, parseOrigin } from '../protocol/origin.ts'
import { parseSchema, type Schema, schemaHash } from '../protocol/schema.ts'
import type { CardIndexEntry, Change, OpenVault, WalletStore } from '../vault/index.ts'
import { type HeldCredential, parseHeldCredential, serializeHeldCredential } from './held-credential.ts'
import { stoneOf } from './stone.ts'
import type { Card, ClaimView, CredentialView } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** A card with the hash of its schema, which tells what it can answer. */
export type IndexedCard = { readonly card: Card; readonly schema: string }

/** The index in clear, ordered by issuer and kind. */
export async function listCards(store: WalletStore): Promise<IndexedCard[]> {
  const entries = await store.list('cards')
  return entries
    .map((entry) => ({ card: cardOf(entry), schema: entry.schema }))
    .sort((a, b) => (orderOf(a.card) < orderOf(b.card) ? -1 : 1))
}

/** Throws `credential_missing`, `credential_corrupt`, and the vault's errors. */
export async function openCredential(vault: OpenVault, id: string): Promise<HeldCredential> {
  const value = await vault.getRecord('credentials', id)
  if (value === undefined) throw new WalletError('credential_missing', 'the wallet has no credential with this id')
  return parseHeldCredential(value)
}

/** Seals a credential and writes its card and its schema in clear, all or nothing. */
export async function keepCredential(vault: OpenVault, id: string, held: HeldCredential): Promise<Card> {
  const { credential, schema } = held
  const entry: CardIndexEntry = {
    id,
    issuerOrigin: credential.issuer,
    issuerName: held.issuerName,
    kind: schema.name,
    schema: credential.schema,
    validUntil: credential.validUntil,
    demo: held.demo,
  }
  const alongside: Change[] = [
    { action: 'put', table: 'cards', key: id, value: entry },
    { action: 'put', table: 'schemas', key: credential.schema, value: schema },
  ]
  await vault.putRecord('credentials', id, serializeHeldCredential(held), alongside)
  return cardOf(entry)
}

/** Throws `credential_missing`. */
export async function deleteCredential(vault: OpenVault, store: WalletStore, id: string): Promise<void> {
  if (!(await store.get('cards', id))) {
    throw new WalletError('credential_missing', 'the wallet has no credential with this id')
  }
  await vault.deleteRecord('credentials', id, [{ action: 'delete', table: 'cards', key: id }])
}

/**
 * A schema the wallet has met, by hash. Kept in clear beside the cards, because it is published by its issuer and the
 * consent page needs its words before the touch. Undefined also for one that cannot be read or does not have that hash.
 */
export async function knownSchema(store: WalletStore, hash: string): Promise<Schema | undefined> {
  const value = await store.get('schemas', hash)
  if (value === undefined) return undefined
  try {
    const schema = parseSchema(value)
    return schemaHash(schema) === hash ? schema : undefined
  } catch {
    return undefined
  }
}

export function credentialView(id: string, held: HeldCredential): CredentialView {
  const { credential, schema, issuerName, demo } = held
  const { issuer, validFrom, validUntil, issuedAt } = credential
  const card: Card = {
    id,
    issuerOrigin: issuer,
    issuerName,
    kind: schema.name,
    validUntil,
    demo,
    stone: stoneOf(issuer),
  }
  return { card, claims: claimViews(schema, credential.claims), validFrom, validUntil, issuedAt }
}

/** The claims that are there, in the schema's order. */
export function claimViews(schema: Schema, claims: HeldCredential['credential']['claims']): ClaimView[] {
  return schema.claims.flatMap(({ name, title, type, sensitive }) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined
    return value === undefined ? [] : [{ name, title, type, sensitive, value }]
  })
}

function cardOf(entry: CardIndexEntry): Card {
  const issuerOrigin: Origin = parseOrigin(entry.issuerOrigin)
  const validUntil: Day = toDay(entry.validUntil)
  const { id, issuerName, kind, demo } = entry
  return { id, issuerOrigin, issuerName, kind, validUntil, demo, stone: stoneOf(issuerOrigin) }
}

function orderOf({ issuerName, kind, validUntil, id }: Card): string {
  return JSON.stringify([issuerName, kind, validUntil, id])
}
