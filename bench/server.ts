/**
 * What a relying party's server takes over HTTP, end to end: a session is opened, a presentation is posted and accepted
 * into the durable ledger; on SQLite and on PostgreSQL, by one process and by two; beside what verifying the same proofs
 * takes and nothing else, in the same run and in turns. Then the ledger as it grows.
 *
 *     npm run bench:server                     a table
 *     npm run bench:server -- --json           one JSON object
 *     npm run bench:server -- --quick          few of everything, to try it out: its figures are worth little
 *     npm run bench:server -- --only ledger    or load
 *     npm run bench:server -- --profile <dir>  processor profiles of the server processes
 *
 * The proofs are simulated under a key set of known trapdoors, between the timed parts: they verify like any others. The
 * load comes from another process of the same machine, and takes its share of the processors. Exit code 1 when a bar is
 * missed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { atLeast, type Bar, barLine, barWidth } from '../scripts/bar.ts'
import { startPostgres } from '../scripts/postgres.ts'
import { growLedger, type LedgerFigures } from './server/ledger.ts'
import { type LoadFigures, measureLoad } from './server/throughput.ts'

const RATIO_BAR = 0.66

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const { quick, only, profile } = values
  if (only !== undefined && only !== 'load' && only !== 'ledger') throw new RangeError('--only is load or ledger')
  const report = (line: string) => process.stderr.write(`${line}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-bench-server-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ settings: { max_wal_size: '4GB', max_connections: 60 } })
  let load: LoadFigures | undefined
  let ledger: LedgerFigures | undefined
  try {
    const sizes = quick ? { rounds: 2, presentations: 128 } : { rounds: 7, presentations: 192 }
    const surroundings = { folder, postgres, report }
    if (only !== 'ledger') load = await measureLoad({ ...surroundings, ...sizes, profile })
    if (only !== 'load')
      ledger = await growLedger({ ...surroundings, sizes: quick ? [1e4, 1e5] : [1e4, 1e5, 1e6, 1e7] })
  } finally {
    await postgres.stop()
  }

  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version }
  const bars = load ? barsOf(load) : []
  const figures = { bench: 'server', quick, machine, load, ledger, bars }
  process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : table(figures))
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

function barsOf({ questions }: LoadFigures): Bar[] {
  const ratios = questions.age.sites.filter(({ processes }) => processes === 1).map(({ ratioToBare }) => ratioToBare)
  return [atLeast(RATIO_BAR, { name: 'verified ratio to bare', value: Math.max(...ratios), unit: 'times' })]
}

type Figures = {
  readonly load: LoadFigures | undefined
  readonly ledger: LedgerFigures | undefined
  readonly bars: readonly Bar[]
}

function table({ load, ledger, bars }: Figures): string {
  const lines: string[] = []
  for (const [question, { bare, sites }] of Object.entries(load?.questions ?? {})) {
    const { oneThread, twoThreads, together } = bare
    lines.push(
      `${question}: bare ${oneThread}/s by one thread, ${twoThreads}/s by two, ${together}/s verified together`,
    )
    lines.push(row(['database', 'processes', 'accepted/s', 'to bare', 'to together', 'p50 ms', 'p99 ms', 'results/s']))
    for (const site of sites) {
      const { database, processes, perSecond, ratioToBare, ratioToTogether, p50Ms, p99Ms, resultsPerSecond } = site
      const cells = [database, processes, perSecond, ratioToBare, ratioToTogether, p50Ms, p99Ms, resultsPerSecond]
      lines.push(row(cells))
    }
    lines.push('')
  }
  for (const [database, sizes] of Object.entries(ledger ?? {})) {
    lines.push(row([database, 'names', 'insert ms', 'refuse ms', 'MB', 'loaded in s']))
    for (const { names, insertMs, refuseMs, megabytes, loadSeconds } of sizes) {
      lines.push(row(['', names, insertMs, refuseMs, megabytes, loadSeconds]))
    }
    lines.push('')
  }
  if (bars.length > 0) lines.push(...bars.map((bar) => barLine(bar, barWidth(bars))), '')
  return lines.join('\n')
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(13)).join('')
}
