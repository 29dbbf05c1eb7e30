/**
 * Attacks a relying party's server from outside, as it runs: processes of their own, over HTTP, on SQLite and on a
 * PostgreSQL cluster that is started for it. What each part does is in docs/attacks.md. Exit code 1 when a bar is missed,
 * and after a command line that is not one of these.
 *
 *     npm run attacks                        all parts
 *     npm run attacks -- <part> …            those parts
 *     npm run attacks -- … --json            one object
 *     npm run attacks -- … --long            larger counts
 *     npm run attacks -- … --quick           small counts, for trying out
 *     npm run attacks -- … --seed <n>        other mutations, the same for the same n
 */
import { parseArgs } from 'node:util'
import { ArgumentsError } from '../server/cli/arguments-error.ts'
import type { AttackContext, AttackPart, AttackReport } from './attacks/part.ts'
import { barLine, barWidth } from './bar.ts'

/** Loaded when their turn comes: a part that is not asked for costs nothing. */
const PARTS: Readonly<Record<string, () => Promise<AttackPart>>> = {
  malformed: async () => (await import('./attacks/malformed.ts')).malformed,
  known: async () => (await import('./attacks/known.ts')).known,
  race: async () => (await import('./attacks/race.ts')).race,
  crash: async () => (await import('./attacks/crash.ts')).crash,
  fsync: async () => (await import('./attacks/fsync.ts')).fsync,
  binding: async () => (await import('./attacks/binding.ts')).binding,
  privacy: async () => (await import('./attacks/privacy.ts')).privacy,
}

type Finished = AttackReport & { readonly part: string; readonly seconds: number }

/** Parts under way at a time. */
const AT_ONCE = 2

if (import.meta.main) await main()

async function main(): Promise<void> {
  try {
    await attack(readArguments(process.argv.slice(2)))
  } catch (error) {
    if (!(error instanceof ArgumentsError)) throw error
    process.stderr.write(`${error.message} (${error.code})\n`)
    process.exitCode = 1
  }
}

type Arguments = {
  readonly parts: readonly string[]
  readonly seed: number
  readonly form: AttackContext['form']
  readonly isJson: boolean
}

async function attack({ parts, seed, form, isJson }: Arguments): Promise<void> {
  const waiting = [...parts]
  const finished: Finished[] = []
  // A part waits much of its time for a process to start, or to be killed: another has the processors meanwhile.
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
        finished.push(await attackBy(part, { seed, form, progress: (line) => printProgress(part, line) }))
      }
    }),
  )
  finished.sort((one, other) => parts.indexOf(one.part) - parts.indexOf(other.part))
  const bars = finished.flatMap((each) => each.bars)
  const report = { report: 'attacks', seed, form, parts: finished, bars }
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : table(finished, seed))
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

async function attackBy(part: string, context: AttackContext): Promise<Finished> {
  const began = performance.now()
  context.progress('…')
  const run = await PARTS[part]?.()
  if (!run) throw new Error(`there is no part ${part}`)
  const report = await run(context)
  return { part, seconds: Math.round((performance.now() - began) / 100) / 10, ...report }
}

/** Throws {@link ArgumentsError}. */
function readArguments(args: string[]): Arguments {
  const { values, positionals } = parse(args)
  const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
  if (unknown !== undefined) {
    throw new ArgumentsError(`"${unknown}" is none of the parts: ${Object.keys(PARTS).join(', ')}`)
  }
  return {
    parts: positionals.length > 0 ? positionals : Object.keys(PARTS),
    seed: parseSeed(values.seed ?? '0'),
    form: values.long ? 'long' : values.quick ? 'quick' : 'short',
    isJson: values.json ?? false,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        long: { type: 'boolean' },
        quick: { type: 'boolean' },
        seed: { type: 'string' },
      },
    })
  } catch (cause) {
    throw new ArgumentsError(cause instanceof Error ? cause.message : 'unreadable', { cause })
  }
}

function parseSeed(text: string): number {
  const seed = Number(text)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new ArgumentsError('--seed takes a whole number from 0 on')
  return seed
}

function printProgress(part: string, line: string): void {
  process.stderr.write(`${part} ${line}\n`)
}

function table(finished: readonly Finished[], seed: number): string {
  const width = barWidth(finished.flatMap(({ bars }) => bars))
  const parts = finished.flatMap(({ part, seconds, lines, bars }) => [
    `${part} (${seconds} s)`,
    ...lines.map((line) => `  ${line}`),
    ...bars.map((bar) => `  ${barLine(bar, width)}`),
    '',
  ])
  return [`seed ${seed}`, '', ...parts].join('\n')
}
