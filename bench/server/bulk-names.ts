import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { type FieldElement, fieldFromBytes, fieldToBytes, randomField } from '../../src/protocol/field.ts'

/** Fills the table of used names past the store, as years of use would. */
export type BulkNames = {
  /** Until there are so many: random ones, made in the database. Put in by their order, which spares it its disk. */
  fill(names: number): Promise<void>
  /** Lets the database do what it would else do while others measure. */
  settle(): Promise<void>
  /** The table with its indexes. */
  bytes(): Promise<number>
  /** Some of them, from all over. */
  someNames(count: number): Promise<FieldElement[]>
  close(): Promise<void>
}

const SESSION = 'A'.repeat(22)
/** First bytes below this are of field elements. */
const FIRST_BYTE_LIMIT = 0x30

export function openBulkSqlite(path: string): BulkNames {
  const database = new DatabaseSync(path, { timeout: 10_000 })
  // Only of this connection; what the store commits is flushed all the same.
  database.exec('pragma synchronous = off; pragma cache_size = -200000')
  const numberOf = (sql: string) => Number(database.prepare(sql).get()?.n)
  return {
    async fill(names) {
      const missing = names - numberOf('select count(*) as n from nullifiers')
      database
        .prepare(
          `with recursive listed(place) as (select 1 union all select place + 1 from listed where place < ?)
          insert into nullifiers (kind, nullifier, session_id, used_at, held_until)
          select 'action', randomblob(32) as name, ?, ?, null from listed order by name`,
        )
        .run(missing, SESSION, Date.now())
    },
    async settle() {
      database.exec('pragma wal_checkpoint(truncate)')
    },
    async bytes() {
      return numberOf('select page_count * page_size as n from pragma_page_count, pragma_page_size')
    },
    async someNames(count) {
      const after = database.prepare(
        `select nullifier from nullifiers where kind = 'action' and nullifier >= ? order by nullifier limit 1`,
      )
      return findNames(count, async (from) => after.get(from)?.nullifier)
    },
    async close() {
      database.close()
    },
  }
}

export async function openBulkPostgres(url: string): Promise<BulkNames> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`set work_mem = '256MB'`)
  const numberOf = async (sql: string) => Number((await client.query<{ n: string }>(sql)).rows[0]?.n)
  return {
    async fill(names) {
      const missing = names - (await numberOf('select count(*) as n from nullifiers'))
      await client.query(
        `insert into nullifiers (kind, nullifier, session_id, used_at, held_until)
        select 'action', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as name, $1, $2, null
        from generate_series(1, $3) order by name`,
        [SESSION, Date.now(), missing],
      )
    },
    async settle() {
      await client.query('vacuum analyze nullifiers')
      await client.query('checkpoint')
    },
    bytes: () => numberOf(`select pg_total_relation_size('nullifiers') as n`),
    someNames: (count) =>
      findNames(count, async (from) => {
        const { rows } = await client.query<{ nullifier: Uint8Array }>(
          `select nullifier from nullifiers where kind = 'action' and nullifier >= $1 order by nullifier limit 1`,
          [Buffer.from(from)],
        )
        return rows[0]?.nullifier
      }),
    close: () => client.end(),
  }
}

/** Random bytes are no field element, four times of five: those that follow a random one mostly are. */
async function findNames(count: number, next: (from: Uint8Array) => Promise<unknown>): Promise<FieldElement[]> {
  const found: FieldElement[] = []
  while (found.length < count) {
    const name = await next(fieldToBytes(randomField()))
    if (name instanceof Uint8Array && (name[0] ?? 0xff) < FIRST_BYTE_LIMIT)
      found.push(fieldFromBytes(new Uint8Array(name)))
  }
  return found
}
