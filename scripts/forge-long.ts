/**
 * Changes the circuits' sources, one line at a time, and asks whether the tests notice. Takes half an hour.
 *
 *     npm run forge:long                         all circuits
 *     npm run forge:long -- <circuit>            one of them
 *     npm run forge:long -- … --mutants <n>      how many changed circuits that compile, for each; 60 if not said
 *     npm run forge:long -- … --seed <n>         other witnesses
 *     npm run forge:long -- … --json             one object
 *
 * Exit code 1 when fewer than 95 of 100 are noticed, or one is not that nobody has explained
 * (test/circuits/forger/source-mutants-reviewed.ts).
 */
import { parseArgs } from 'node:util'
import { CIRCUIT_IDS, type CircuitId } from '../src/protocol/signals.ts'
import type { MutantJob, Verdict } from '../test/circuits/forger/judge-source-mutant.ts'
import { KILLED, startKillable } from '../test/circuits/forger/killable.ts'
import { removeLeftMutants } from '../test/circuits/forger/mutant-folder.ts'
import { chosenMutants, sourceMutants } from '../test/circuits/forger/source-mutants.ts'
import { REVIEWED_MUTANTS } from '../test/circuits/forger/source-mutants-reviewed.ts'
import { atLeast, barLine, barWidth } from './bar.ts'
import { compileCircuits, PROJECT_ROOT } from './circuits/compile.ts'
import { COMPILER_LIBRARIES } from './circuits/compiler.ts'
import { readCircuitSources } from './circuits/sources.ts'

const PROCESSES = 2
/** A changed circuit that makes a test run for ever is noticed too. */
const JOB_MILLISECONDS = 600_000
const WORKER = new URL('../test/circuits/forger/judge-worker.ts', import.meta.url)
const FEWEST = 50
const KILLED_SHARE = 0.95

type CircuitReport = {
  readonly tried: number
  readonly killed: number
  readonly survived: readonly Verdict[]
  readonly unexplained: readonly string[]
  readonly verdicts: readonly Verdict[]
}

if (import.meta.main) await main()

async function main(): Promise<void> {
  const start = performance.now()
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, seed: { type: 'string' }, mutants: { type: 'string' } },
  })
  const seed = parseCount(values.seed ?? '0')
  if (positionals.length > 1) throw new Error('one circuit at a time, or none for all')
  const circuits = positionals[0] === undefined ? CIRCUIT_IDS : CIRCUIT_IDS.filter((id) => id === positionals[0])
  if (circuits.length === 0) throw new Error(`there is no circuit ${positionals[0]}`)
  await compileCircuits()
  const reports: Partial<Record<CircuitId, CircuitReport>> = {}
  await removeLeftMutants()
  for (const id of circuits) reports[id] = await tryMutants(id, { seed, count: parseCount(values.mutants ?? '60') })
  await removeLeftMutants()
  const bars = Object.entries(reports).map(([id, { tried, killed, unexplained }]) => {
    const bound = Math.ceil(KILLED_SHARE * Math.max(FEWEST, tried))
    return atLeast(
      bound,
      { name: `${id} source mutants killed`, value: killed, unit: 'mutants' },
      unexplained.length === 0,
    )
  })
  const seconds = Math.round((performance.now() - start) / 1000)
  const width = barWidth(bars)
  const lines = bars.map((bar) => barLine(bar, width))
  const problems = Object.values(reports).flatMap(({ unexplained }) => unexplained)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ seed, seconds, circuits: reports, bars }, null, 2)}\n`
      : `${[...problems, ...lines, `seed ${seed}, ${seconds} s`].join('\n')}\n`,
  )
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

/** Judges until so many have compiled, two at a time. */
async function tryMutants(
  circuit: CircuitId,
  { seed, count }: { seed: number; count: number },
): Promise<CircuitReport> {
  const waiting = chosenMutants(sourceMutants(await sourcesOf(circuit)), Number.POSITIVE_INFINITY)
  const verdicts: Verdict[] = []
  const counted = () => verdicts.filter(isAnotherCircuit).length
  let underWay = 0
  const lane = async () => {
    const worker = startKillable<MutantJob, Verdict>(WORKER, { milliseconds: JOB_MILLISECONDS })
    try {
      while (counted() + underWay < count) {
        const mutant = waiting.shift()
        if (!mutant) return
        underWay++
        const answer = await worker.run({ circuit, mutant, seed })
        underWay--
        const verdict: Verdict =
          answer === KILLED ? { id: mutant.id, line: mutant.line, outcome: 'killed', by: 'the clock' } : answer
        verdicts.push(verdict)
        process.stderr.write(`${circuit} ${verdict.id}: ${verdict.outcome}${verdict.by ? ` by ${verdict.by}` : ''}\n`)
      }
    } finally {
      await worker.close()
    }
  }
  await Promise.all(Array.from({ length: PROCESSES }, lane))
  const survived = verdicts.filter(({ outcome }) => outcome === 'survived')
  const reviewed = REVIEWED_MUTANTS[circuit]
  return {
    tried: counted(),
    killed: verdicts.filter(({ outcome }) => outcome === 'killed').length,
    survived,
    unexplained: survived
      .filter(({ id, line }) => !reviewed.some((entry) => entry.line.test(line) && entry.id.test(id)))
      .map(({ id, line }) => `${circuit} ${id} was not noticed: ${line || 'a line less'}`),
    verdicts,
  }
}

function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new Error(`a number from 0 to 999999, not ${text}`)
  return Number(text)
}

function isAnotherCircuit({ outcome }: Verdict): boolean {
  return outcome === 'killed' || outcome === 'survived'
}

/** The project's own files; circomlib's have tests of their own. */
async function sourcesOf(circuit: CircuitId): Promise<Map<string, string>> {
  const libraries = COMPILER_LIBRARIES
  const sources = await readCircuitSources(`circuits/main/${circuit}.circom`, { root: PROJECT_ROOT, libraries })
  const own = [...sources].filter(([path]) => path.startsWith('circuits/'))
  return new Map(own.map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]))
}
