import { deleteDB, type IDBPDatabase, openDB } from 'idb'
import { VaultError } from './error.ts'
import { type Change, TABLES, type TableName, type Tables, type WalletStore } from './store.ts'

export const DATABASE_NAME = 'touchstone-wallet'

/** 2 added `statusLists`. */
const DATABASE_VERSION = 2

/**
 * Opens the wallet's IndexedDB database, creating it if there is none. Another tab that deletes or upgrades it makes
 * this connection close itself. Throws `storage_unavailable`, `storage_full`, `storage_blocked`.
 */
export async function openDatabase(name: string = DATABASE_NAME): Promise<WalletStore> {
  const database = await named(() => openOrBlocked(name))
  return {
    async get<T extends TableName>(table: T, key: string) {
      // Only write() puts values into a table, so they are of its type; `unknown` ones are parsed by their reader.
      return named(async () => (await database.get(table, key)) as Tables[T] | undefined)
    },
    async list<T extends TableName>(table: T, prefix = '') {
      const range = prefix === '' ? undefined : IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      return named(async () => (await database.getAll(table, range)) as Tables[T][])
    },
    write: (changes) => named(() => write(database, changes)),
    reset: () => named(() => reset(database, name)),
    close: () => database.close(),
  }
}

/**
 * Asks the browser not to evict the wallet under storage pressure. `best_effort` where it refuses or cannot say: the
 * wallet then works, but may vanish.
 */
export async function requestPersistence(
  storage: Pick<StorageManager, 'persist'> | undefined = globalThis.navigator?.storage,
): Promise<'persistent' | 'best_effort'> {
  try {
    return (await storage?.persist()) ? 'persistent' : 'best_effort'
  } catch {
    return 'best_effort'
  }
}

function openOrBlocked(name: string): Promise<IDBPDatabase> {
  return new Promise((resolve, reject) => {
    openDB(name, DATABASE_VERSION, {
      upgrade(database) {
        const missing = TABLES.filter((table) => !database.objectStoreNames.contains(table))
        for (const table of missing) database.createObjectStore(table)
      },
      blocked: () => reject(new VaultError('storage_blocked', 'another tab keeps the database at an older version')),
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
    }).then(resolve, reject)
  })
}

async function write(database: IDBPDatabase, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  const tables = [...new Set(changes.map((change) => change.table))]
  const transaction = database.transaction(tables, 'readwrite', { durability: 'strict' })
  const requests = changes.map((change) => {
    const table = transaction.objectStore(change.table)
    return change.action === 'delete' ? table.delete(change.key) : table[change.action](change.value, change.key)
  })
  // The first failing request aborts the rest; without allSettled those would be unhandled rejections.
  const results = await Promise.allSettled([...requests, transaction.done])
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

/** Empties first: a frozen tab can hold up the deletion of the database, but not this. */
async function reset(database: IDBPDatabase, name: string): Promise<void> {
  const transaction = database.transaction([...TABLES], 'readwrite', { durability: 'strict' })
  await Promise.all([...TABLES.map((table) => transaction.objectStore(table).clear()), transaction.done])
  database.close()
  await new Promise<void>((resolve, reject) => {
    deleteDB(name, {
      blocked: () => reject(new VaultError('storage_blocked', 'another tab keeps the emptied database open')),
    }).then(resolve, reject)
  })
}

/** Gives the browser's failures their names. */
async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof VaultError) throw cause
    const name = cause instanceof Error ? cause.name : ''
    if (name === 'QuotaExceededError') throw new VaultError('storage_full', 'there is no room left to store', { cause })
    if (name === 'ConstraintError') throw new VaultError('storage_conflict', 'something is stored there', { cause })
    throw new VaultError('storage_unavailable', 'the browser gives no access to its database', { cause })
  }
}
