import { VaultError } from '../../src/vault/index.ts'
import { type Change, TABLES, type TableName, type Tables, type WalletStore } from '../../src/vault/store.ts'

/** The store's contract without a browser: values are cloned in and out, writes are all or nothing. */
export type MemoryStore = WalletStore & { readonly tables: Record<TableName, Map<string, unknown>> }

export function memoryStore(): MemoryStore {
  const empty = () => Object.fromEntries(TABLES.map((table) => [table, new Map()])) as MemoryStore['tables']
  const tables = empty()
  return {
    tables,
    // Only write() fills the maps, so the values are of their tables' types.
    async get<T extends TableName>(table: T, key: string) {
      return structuredClone(tables[table].get(key)) as Tables[T] | undefined
    },
    async list<T extends TableName>(table: T, prefix = '') {
      const keys = [...tables[table].keys()].filter((key) => key.startsWith(prefix)).sort()
      return keys.map((key) => structuredClone(tables[table].get(key)) as Tables[T])
    },
    async write(changes: readonly Change[]) {
      const taken = changes.some(({ action, table, key }) => action === 'add' && tables[table].has(key))
      if (taken) throw new VaultError('storage_conflict', 'something is stored there')
      for (const change of changes) {
        if (change.action === 'delete') tables[change.table].delete(change.key)
        else tables[change.table].set(change.key, structuredClone(change.value))
      }
    },
    async reset() {
      for (const table of TABLES) tables[table].clear()
    },
    close() {},
  }
}
