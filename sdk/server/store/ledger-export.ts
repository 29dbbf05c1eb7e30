import { createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import { toBase64url } from '../../../src/protocol/bytes.ts'
import { auditRows } from './audit-verify.ts'
import type { Tables } from './tables.ts'

const PAGE_ROWS = 1_000
const NAME_TAG = 'touchstone/v1/export-name'

/** Lines of NDJSON, each with its line break. What an export says of a name is under HMAC: the same name, the same value. */
export async function* exportLedger(db: Kysely<Tables>, key: Uint8Array): AsyncGenerator<string> {
  const head = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
  let audit = 0
  for await (const row of auditRows(db, head.base_seq)) {
    audit++
    yield line({
      type: 'audit',
      ...row,
      name_hmac: row.name_hmac && toBase64url(row.name_hmac),
      prev: toBase64url(row.prev),
      hash: toBase64url(row.hash),
    })
  }
  let names = 0
  for await (const { kind, nullifier, used_at, held_until } of usedNames(db)) {
    names++
    const name_hmac = createHmac('sha256', key).update(`${NAME_TAG}\0${kind}\0`).update(nullifier).digest('base64url')
    yield line({ type: 'name', kind, name_hmac, used_at, held_until })
  }
  yield line({
    type: 'end',
    audit,
    names,
    base: { seq: head.base_seq, hash: toBase64url(head.base_hash) },
    head: { seq: head.seq, hash: toBase64url(head.hash) },
  })
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

async function* usedNames(db: Kysely<Tables>): AsyncGenerator<Tables['nullifiers']> {
  let last: Tables['nullifiers'] | undefined
  for (;;) {
    const after = last
    const page = await db
      .selectFrom('nullifiers')
      .selectAll()
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('kind', 'nullifier'), '>', tuple(after?.kind ?? 'action', after?.nullifier ?? new Uint8Array())),
        ),
      )
      .orderBy('kind')
      .orderBy('nullifier')
      .limit(PAGE_ROWS)
      .execute()
    last = page.at(-1)
    if (!last) return
    yield* page
    await new Promise((resolve) => setImmediate(resolve))
  }
}
