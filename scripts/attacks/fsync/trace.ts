import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { ensureStrace } from '../../strace.ts'

/** What the processes of a site and of its database asked of the kernel, in the order in which it happened. */
export type TraceEvent =
  /** Bytes on their way to the log that a commit is safe by. */
  | { readonly kind: 'log written' }
  /** The disk has said that it has all of them that were written before `from`, an index among the events. */
  | { readonly kind: 'log synced'; readonly from: number }
  /** A presentation has been read from its connection. */
  | { readonly kind: 'presentation read'; readonly session: string }
  /** The first bytes of an answer are about to be written to a connection. */
  | { readonly kind: 'answered'; readonly code: string }

const CALLS = 'fsync,fdatasync,sync_file_range,pwrite64,pwritev,write,writev,read,sendto,sendmsg,recvfrom'
/** SQLite's write-ahead log, and PostgreSQL's. */
const LOG_FILE = /<[^>]*(?:-wal|\/pg_wal\/[0-9A-F]{24})>/
const ATTACH_LIMIT_MS = 20_000

export type Trace = { stop(): Promise<readonly TraceEvent[]> }

/**
 * Follows processes, all their threads and children, into a file. Throws `strace_missing`, and where the kernel lets
 * nobody look (a container without ptrace).
 */
export async function startTrace(
  pids: readonly number[],
  { file, report }: { file: string; report: (line: string) => void },
): Promise<Trace> {
  const options = ['-f', '-yy', '-s', '700', '-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', file]
  const strace = spawn(ensureStrace(report), [...options, ...pids.flatMap((pid) => ['-p', `${pid}`])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await attached(strace, pids.length)
  return {
    async stop() {
      const ended = once(strace, 'exit')
      strace.kill('SIGINT')
      await ended
      return readEvents(readFileSync(file, 'latin1'))
    },
  }
}

/** strace says each process that it has. */
async function attached(strace: ChildProcess, count: number): Promise<void> {
  let said = ''
  strace.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const deadline = performance.now() + ATTACH_LIMIT_MS
  while ((said.match(/attached/g)?.length ?? 0) < count) {
    if (strace.exitCode !== null || performance.now() > deadline)
      throw new Error(`strace cannot follow: ${said.trim()}`)
    await setTimeout(50)
  }
}

/** `12345 write(21<TCP:[…]>, "…", 700) = 700`, or the same in two lines where another process came between. */
const LINE = /^(\d+)\s+(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))$/

export function readEvents(text: string): readonly TraceEvent[] {
  const events: TraceEvent[] = []
  /** By process: a call that has begun, and how many events there had been. */
  const begun = new Map<string, { readonly rest: string; readonly from: number }>()
  for (const line of text.split('\n')) {
    const [, pid = '', name = '', rest = '', resumed, end = ''] = LINE.exec(line) ?? []
    if (pid === '') continue
    const isHalf = rest.endsWith('<unfinished ...>')
    if (isHalf) begun.set(pid, { rest, from: events.length })
    const whole = resumed === undefined ? { rest, from: events.length } : (begun.get(pid) ?? { rest: '', from: 0 })
    const call = resumed ?? name
    // A write counts from its beginning, whatever it is; what is waited for, by its end.
    if (resumed === undefined && isWrite(call)) addWrite(events, rest)
    else if (!isHalf && isSync(call) && LOG_FILE.test(whole.rest) && `${rest}${end}`.endsWith('= 0')) {
      events.push({ kind: 'log synced', from: whole.from })
    } else if (!isHalf && isRead(call)) addRead(events, `${whole.rest}${end}`)
  }
  return events
}

function isWrite(call: string): boolean {
  return ['pwrite64', 'pwritev', 'write', 'writev', 'sendto', 'sendmsg'].includes(call)
}

function isSync(call: string): boolean {
  return call === 'fsync' || call === 'fdatasync'
}

function isRead(call: string): boolean {
  return call === 'read' || call === 'recvfrom'
}

function addWrite(events: TraceEvent[], rest: string): void {
  if (LOG_FILE.test(rest.slice(0, rest.indexOf(',')))) events.push({ kind: 'log written' })
  const [, code] = /HTTP\/1\.1 200 OK.*?\{\\"code\\":\\"([\w-]{43})\\"/.exec(rest) ?? []
  if (code !== undefined) events.push({ kind: 'answered', code })
}

function addRead(events: TraceEvent[], rest: string): void {
  const [, session] = /"POST \/touchstone\/sessions\/([\w-]+)\/presentation /.exec(rest) ?? []
  if (session !== undefined) events.push({ kind: 'presentation read', session })
}
