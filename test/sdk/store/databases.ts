import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../scripts/postgres.ts'
import { openStore } from '../../../sdk/server/store/open-store.ts'
import type { Store, StoreKeeping, StoreOption } from '../../../sdk/server/store/store.ts'
import { AUDIT_KEY } from './audit-key.ts'

/** A database of the test's own, empty when it begins. */
export type Place = {
  readonly kind: 'sqlite' | 'postgresql'
  options(): StoreOption
  /** Another store on the same database; closed with the test. */
  open(surroundings?: Partial<StoreKeeping>): Promise<Store>
  /** Past the store, with numbers for counts. */
  query(statement: string): Promise<Record<string, unknown>[]>
}

/** Runs the same tests on a SQLite file and on a private PostgreSQL. */
export function describeOnBoth(name: string, tests: (place: Place) => void): void {
  describe(`${name} on SQLite`, () => {
    let directory = ''
    const path = () => join(directory, 'new', 'store.sqlite')
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'touchstone-store-'))
    })
    const place = placeOf('sqlite', {
      options: () => ({ path: path() }),
      query: async (statement) => {
        const database = new DatabaseSync(path())
        try {
          return database.prepare(statement).all()
        } finally {
          database.close()
        }
      },
      clear: async () => rmSync(directory, { recursive: true }),
    })
    tests(place)
  })

  describe(`${name} on PostgreSQL`, () => {
    let cluster: PostgresCluster | undefined
    const url = () => cluster?.url ?? ''
    beforeAll(async () => {
      cluster = await startPostgres()
    }, 120_000)
    afterAll(() => cluster?.stop())
    const query = async (statement: string) => {
      const client = new pg.Client({ connectionString: url() })
      client.on('error', () => {})
      await client.connect()
      try {
        const { rows } = await client.query(statement)
        return (rows ?? []).map(withNumbers)
      } finally {
        await client.end()
      }
    }
    const place = placeOf('postgresql', {
      options: () => ({ url: url() }),
      query,
      clear: async () => {
        await query('drop schema public cascade; create schema public')
      },
    })
    tests(place)
  })
}

function placeOf(
  kind: Place['kind'],
  { options, query, clear }: Pick<Place, 'options' | 'query'> & { clear(): Promise<void> },
): Place {
  const stores: Store[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close()
    await clear()
  })
  return {
    kind,
    options,
    query,
    async open(surroundings = {}) {
      const store = await openStore(options(), { auditKey: AUDIT_KEY, onError: () => {}, ...surroundings })
      stores.push(store)
      return store
    },
  }
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row)
  return Object.fromEntries(entries.map(([name, value]) => [name, /^\d+$/.test(String(value)) ? Number(value) : value]))
}
