import type { SealedRecord } from './records.ts'

/** What the consent page may show of a credential before the touch: no claim, no claim's value. In clear. */
export type CardIndexEntry = {
  /** The id of its sealed record in `credentials`. */
  readonly id: string
  readonly issuerOrigin: string
  readonly issuerName: string
  /** Name of the schema, such as `Person`. */
  readonly kind: string
  /** Hash of the schema, base64url: tells which requests the card can answer. */
  readonly schema: string
  /** The last valid UTC day, in days since 1900-01-01. */
  readonly validUntil: number
  /** Issued by a demo issuer. */
  readonly demo: boolean
}

/** A site the person has signed in to, by the nickname it knows them under. In clear. */
export type KnownSite = {
  readonly origin: string
  readonly nickname: string
  /** Unix seconds. */
  readonly firstUsedAt: number
  readonly lastUsedAt: number
}

/** The tables by name, each from string keys to values. Whoever reads those of `unknown` values parses them. */
export type Tables = {
  /** One entry, {@link VAULT_KEY}. */
  vault: unknown
  /** Keys by {@link recordKey}. */
  records: SealedRecord
  settings: unknown
  /** Keys: credential ids. */
  cards: CardIndexEntry
  /** Keys: schema hashes, base64url. Public data: the words in which the consent page asks, before the touch. */
  schemas: unknown
  /** Keys: origins. */
  sites: KnownSite
  /** Keys: issuers' origins. Public data: what an issuer last published, by which credentials are not revoked. */
  statusLists: unknown
}

export type TableName = keyof Tables

export const TABLES = [
  'vault',
  'records',
  'settings',
  'cards',
  'schemas',
  'sites',
  'statusLists',
] as const satisfies readonly TableName[]

/** One write. `add` fails where something is already; `put` overwrites. */
export type Change =
  | { [T in TableName]: { action: 'put' | 'add'; table: T; key: string; value: Tables[T] } }[TableName]
  | { action: 'delete'; table: TableName; key: string }

/** Where a wallet keeps things. Every method throws VaultError `storage_unavailable` or `storage_full`. */
export type WalletStore = {
  get<T extends TableName>(table: T, key: string): Promise<Tables[T] | undefined>
  /** All values whose key begins with `prefix`, by key. */
  list<T extends TableName>(table: T, prefix?: string): Promise<Tables[T][]>
  /** All changes or none. Throws `storage_conflict` where an `add` finds something. */
  write(changes: readonly Change[]): Promise<void>
  /** Deletes everything and ends the store. Throws `storage_blocked` if another tab holds the emptied database. */
  reset(): Promise<void>
  close(): void
}

export const VAULT_KEY = 'vault'

/** Key of a record in `records`. Collections hold no slash, so no two places share one. */
export function recordKey(collection: SealedRecord['collection'], id: string): string {
  return `${collection}/${id}`
}
