import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { openStore } from '../../sdk/server/store/open-store.ts'
import type { LedgerHead } from '../../sdk/server/store/store.ts'
import type { Deployment } from './site/deployment.ts'

/** Reads what a site has written down, beside the site and not through it. */
export type Judge = {
  /** Rows: presentations accepted by sessions, by names used or held once, and by the audit log. */
  counts(): Promise<Counts>
  /** How often a name of a once-only kind is in the ledger; 43 characters of base64url. */
  rowsOf(nullifier: string): Promise<number>
  /** What is wrong with the audit log, one that was set back included; empty if nothing. */
  auditFaults(): Promise<string[]>
  /** What the database itself finds wrong with its files; empty if nothing. */
  damage(): Promise<string[]>
  close(): Promise<void>
}

export type Counts = { readonly done: number; readonly names: number; readonly accepted: number }

const COUNTS = `select
  (select count(*) from sessions where state = 'DONE') as done,
  (select count(*) from nullifiers) as names,
  (select count(*) from audit where event = 'accepted') as accepted`

/** What is asked of the database in its own language. */
type Witness = Omit<Judge, 'auditFaults'>

/** Of a deployment that has run: its tables and its keys are there. */
export async function openJudge({ store, auditKey }: Deployment): Promise<Judge> {
  const witness = 'path' in store ? judgeSqlite(store.path) : judgePostgres(store.url)
  let known: LedgerHead | undefined
  return {
    ...witness,
    async auditFaults() {
      const opened = await openStore(store, { auditKey: await auditKey(), onError: () => undefined })
      const verdict = await opened.ledger.verify({ known })
      await opened.close()
      if (!verdict.valid) return [`${verdict.code} at row ${verdict.seq}`]
      known = verdict.head
      return []
    },
  }
}

function judgeSqlite(path: string): Witness {
  const database = new DatabaseSync(path, { timeout: 10_000 })
  return {
    counts: async () => toCounts(database.prepare(COUNTS).get()),
    async rowsOf(nullifier) {
      const sql = 'select count(*) as rows from nullifiers where nullifier = ?'
      return numberOf(database.prepare(sql).get(Buffer.from(nullifier, 'base64url')), 'rows')
    },
    async damage() {
      const rows = database.prepare('pragma integrity_check').all()
      return rows.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok')
    },
    close: async () => database.close(),
  }
}

/** A connection for each question: the server may have been killed since the last. */
function judgePostgres(url: string): Witness {
  async function ask(sql: string, values: unknown[] = []): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(sql, values)).rows
    } finally {
      await client.end()
    }
  }
  return {
    counts: async () => toCounts((await ask(COUNTS))[0]),
    async rowsOf(nullifier) {
      const rows = await ask('select count(*) as rows from nullifiers where nullifier = $1', [
        Buffer.from(nullifier, 'base64url'),
      ])
      return numberOf(rows[0], 'rows')
    },
    async damage() {
      await ask('create extension if not exists amcheck')
      const relations = `select c.oid, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'i') order by c.relname`
      const found: string[] = []
      for (const relation of await ask(relations)) found.push(...(await check(relation)))
      return found
    },
    close: async () => undefined,
  }

  /** Tables row by row; of B-trees, that they are in order and hold every row of their table. */
  async function check(relation: unknown): Promise<string[]> {
    // The columns that the query above selects.
    const { oid, relname, relkind } = relation as { oid: number; relname: string; relkind: string }
    try {
      const sql =
        relkind === 'r' ? 'select msg from verify_heapam($1::oid)' : 'select bt_index_check($1::oid, true) as msg'
      const rows = await ask(sql, [oid])
      return relkind === 'r' ? rows.map((row) => `${relname}: ${JSON.stringify(row)}`) : []
    } catch (error) {
      return [`${relname}: ${String(error)}`]
    }
  }
}

function toCounts(row: unknown): Counts {
  return { done: numberOf(row, 'done'), names: numberOf(row, 'names'), accepted: numberOf(row, 'accepted') }
}

function numberOf(row: unknown, column: string): number {
  const value = typeof row === 'object' && row !== null ? Reflect.get(row, column) : undefined
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new Error(`${column} is no count: ${String(value)}`)
  return number
}
