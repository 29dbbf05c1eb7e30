import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A job that gave no answer in its time; its process was killed. */
export const KILLED = 'killed'

export type Killable<Job, Answer> = {
  /** The answer, or {@link KILLED}. Jobs run one after another. Rejects when the process ends by itself. */
  run(job: Job): Promise<Answer | typeof KILLED>
  close(): Promise<void>
}

/**
 * A process whose jobs have `milliseconds` of computing each, however many others share the machine. A job that overruns costs the process its life, whatever loop it is
 * in, and the next job gets a new one. Starting a process is not on the clock: it says `'ready'` first, then answers
 * every message with one. A process and not a thread, for ffjavascript takes any thread for one of its own.
 */
export function startKillable<Job, Answer>(
  file: URL,
  { milliseconds, args = [] }: { milliseconds: number; args?: readonly string[] },
): Killable<Job, Answer> {
  let process: Promise<ChildProcess> | undefined
  let last: Promise<unknown> = Promise.resolve()

  const answer = async (job: Job): Promise<Answer | typeof KILLED> => {
    process ??= startProcess(file, args)
    const child = await process
    const deadline = startDeadline(child, milliseconds)
    const answered = firstMessage(child, deadline.signal).finally(deadline.stop)
    // `fork` types messages as JSON; advanced serialisation takes whatever a structured clone takes, bigints too.
    child.send(job as object)
    const message = await answered.catch(async (error: unknown) => {
      process = undefined
      await kill(child)
      if (error instanceof Error && error.name === 'AbortError') return KILLED
      throw error
    })
    // The file answers in this type; nothing else has the other end of the channel.
    return message as Answer | typeof KILLED
  }

  return {
    run: (job) => {
      const next = last.then(() => answer(job))
      last = next.catch(() => {})
      return next
    },
    close: async () => {
      await last
      const child = await process
      if (child) await kill(child)
    },
  }
}

async function startProcess(file: URL, args: readonly string[]): Promise<ChildProcess> {
  const child = fork(fileURLToPath(file), args, { serialization: 'advanced', execArgv: [] })
  await firstMessage(child)
  return child
}

/** Rejects when the process ends instead, or with an AbortError. */
async function firstMessage(child: ChildProcess, signal?: AbortSignal): Promise<unknown> {
  const settled = new AbortController()
  const signals = signal ? AbortSignal.any([signal, settled.signal]) : settled.signal
  const ended = once(child, 'exit', { signal: signals }).then(([code]) => {
    throw new Error(`the process ended with code ${code}`)
  })
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: signals }), ended])
    return message
  } finally {
    ended.catch(() => {})
    settled.abort()
  }
}

/** Aborts when the process has computed for so long from now on; where that cannot be read, when so long has passed. */
function startDeadline(child: ChildProcess, milliseconds: number): { signal: AbortSignal; stop: () => void } {
  const abort = new AbortController()
  const begin = computed(child)
  const timer = setInterval(() => {
    if (computed(child) - begin >= milliseconds) abort.abort()
  }, LOOK_MS)
  return { signal: abort.signal, stop: () => clearInterval(timer) }
}

const LOOK_MS = 50

/** Milliseconds of processor time, from Linux's process table in ticks of 10 ms; elsewhere the time of day does. */
function computed({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return 10 * (Number(fields[11]) + Number(fields[12]))
  } catch {
    return performance.now()
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
