/**
 * Attacks a relying party's server from outside, as it runs: processes of their own, over HTTP, on SQLite and on a
 * PostgreSQL cluster that is started for it. What each part does is in docs/attacks.md. Exit code 1 when a bar is missed.
 *
 *     npm run attacks                        all parts
 *     npm run attacks -- <part> …            those parts
 *     npm run attacks -- … --json            one object
 *     npm run attacks -- … --long            larger counts
 *     npm run attacks -- … --seed <n>        other mutations, the same for the same n
 */
import { parseArgs } from 'node:util'
import type { AttackPart, AttackReport } from './attacks/part.ts'
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

if (import.meta.main) await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, long: { type: 'boolean' }, seed: { type: 'string' } },
  })
  const seed = parseSeed(values.seed ?? '0')
  const isLong = values.long ?? false
  const finished: Finished[] = []
  for (const part of chooseParts(positionals)) {
    const began = performance.now()
    printProgress(part, '…')
    const attack = await PARTS[part]?.()
    if (!attack) throw new Error(`there is no part ${part}`)
    const report = await attack({ seed, isLong, progress: (line) => printProgress(part, line) })
    finished.push({ part, seconds: Math.round((performance.now() - began) / 100) / 10, ...report })
  }
  const bars = finished.flatMap((each) => each.bars)
  const report = { report: 'attacks', seed, isLong, parts: finished, bars }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(finished, seed))
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

function chooseParts(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !Object.hasOwn(PARTS, name))
  if (unknown !== undefined) throw new Error(`${unknown} is none of the parts: ${Object.keys(PARTS).join(', ')}`)
  return names.length > 0 ? names : Object.keys(PARTS)
}

function parseSeed(text: string): number {
  const seed = Number(text)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError('--seed is a whole number from 0 on')
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
