import { expect, test } from 'vitest'
import { countSyncs, isSafe } from '../../scripts/attacks/fsync/order.ts'
import { readEvents } from '../../scripts/attacks/fsync/trace.ts'

const CODE = 'C'.repeat(43)
const ANSWERED = { session: 'abc', code: CODE }
const SOCKET = '21<TCP:[127.0.0.1:4000->127.0.0.1:50000]>'
const LOG = '17</srv/touchstone.sqlite-wal>'
const READ = `10 read(${SOCKET}, "POST /touchstone/sessions/abc/presentation HTTP/1.1\\r\\nHost"..., 65536) = 900`
const WRITE = `10 pwrite64(${LOG}, "\\0\\0"..., 4096, 32) = 4096`
const SYNC = `10 fdatasync(${LOG}) = 0`
const HEAD = '{iov_base="HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\n\\r\\n", iov_len=60}'
const ANSWER = `10 writev(${SOCKET}, [${HEAD}, {iov_base="{\\"code\\":\\"${CODE}\\",\\"returnUri\\"", iov_len=90}], 2) = 150`

function isSafeIn(...lines: string[]): boolean {
  return isSafe(readEvents(lines.join('\n')), ANSWERED, 'all')
}

test('an answer is safe after the log was written and synced, and not otherwise', () => {
  expect(isSafeIn(READ, WRITE, SYNC, ANSWER)).toBe(true)
  expect(isSafeIn(READ, WRITE, ANSWER, SYNC)).toBe(false)
  expect(isSafeIn(READ, SYNC, WRITE, ANSWER)).toBe(false)
  expect(isSafeIn(READ, SYNC, ANSWER)).toBe(false)
  expect(isSafeIn(WRITE, SYNC, READ, ANSWER)).toBe(false)
  expect(isSafeIn(READ, WRITE, SYNC, WRITE, ANSWER)).toBe(false)
})

test('a sync counts that succeeded, of the log, and from its beginning to its end', () => {
  expect(isSafeIn(READ, WRITE, SYNC.replace('= 0', '= -1 EIO (Input/output error)'), ANSWER)).toBe(false)
  expect(isSafeIn(READ, WRITE, SYNC.replace('-wal', ''), ANSWER)).toBe(false)
  const [began, ended] = [`11 fdatasync(${LOG} <unfinished ...>`, '11 <... fdatasync resumed>) = 0']
  expect(isSafeIn(READ, WRITE, began, ended, ANSWER)).toBe(true)
  expect(isSafeIn(READ, WRITE, began, ANSWER, ended)).toBe(false)
  expect(isSafeIn(READ, began, WRITE, ended, ANSWER)).toBe(false)
})

test('PostgreSQL’s log is one, whatever file of it; and syncs are counted between presentations and answers', () => {
  const postgres = (line: string) => line.replace('touchstone.sqlite-wal', 'pg_wal/000000010000000000000002')
  expect(isSafeIn(READ, postgres(WRITE), postgres(SYNC), ANSWER)).toBe(true)
  const events = readEvents([SYNC, READ, WRITE, SYNC, WRITE, SYNC, ANSWER, SYNC].join('\n'))
  expect(countSyncs(events, [ANSWERED])).toBe(2)
})
