import { openStore } from '../../../sdk/server/store/open-store.ts'
import { AUDIT_KEY } from './audit-key.ts'
import { acceptance, act, session } from './records.ts'

/** Run in a process whose files may not grow: accepts until the store cannot, and says what it was told. */
const store = await openStore({ path: process.argv[2] ?? '' }, { auditKey: AUDIT_KEY, onError: () => {} })
const accepted: string[] = []
let code = ''
for (let round = 0; code === ''; round++) {
  const ids = Array.from({ length: 20 }, (_, place) => `session-${round}-${place}`)
  try {
    await Promise.all(ids.map((id) => store.insertSession(session(id, { jws: 'x'.repeat(2_000) }))))
    await Promise.all(
      ids.map(async (id) => {
        if ((await store.accept(acceptance(id, [act()]))) === 'ACCEPTED') accepted.push(id)
      }),
    )
  } catch (error) {
    code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
console.log(JSON.stringify({ code, accepted }))
