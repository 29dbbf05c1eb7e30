/**
 * Proving, ours against snarkjs, in turn in one run, medians: how many times as long snarkjs takes for the same key and
 * inputs, with as many threads as we have workers. By default present-v1 with two workers, warm in Chromium and in
 * Node, cold and by memory in Chromium.
 *
 *     npm run --silent bench:prove                a table
 *     npm run --silent bench:prove -- --json      one JSON object; exits with 1 when a bar is missed
 *     npm run --silent bench:prove -- --runs 7    proofs of each side for each median
 *     npm run --silent bench:prove -- --all       also other circuits and sizes up to 320k constraints, one and two
 *                                                 workers (hours)
 *     npm run --silent bench:prove -- --only 20k  of these, the circuits whose name holds this
 *     … -- --workers 2 --measure warm,cold        of these, a part: warm, cold, node, memory
 */
import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { atLeast, atMost, type Bar, barLine, barWidth } from '../scripts/bar.ts'
import { median } from './median.ts'
import { productCase } from './prove/cases.ts'
import { type MemorySamples, measureCold, measureMemory, measureWarm } from './prove/chromium.ts'
import { type Comparison, compare, type ProveCase, ratio } from './prove/figures.ts'
import { measureNode } from './prove/node.ts'
import { sizeCases } from './prove/sizes.ts'
import { startProverSite } from './prover-site/site.ts'

/** Peaks of the renderer; `firstUseMB` where it also fetched and unpacked the key. */
type Memory = {
  circuit: string
  workers: number
  oursMB: number
  snarkjsMB: number
  firstUseMB: number
  idleMB: number
  ratio: number
}

const MEASURES = ['warm', 'cold', 'node', 'memory'] as const

const USAGE = `npm run --silent bench:prove -- [--json] [--runs 7] [--all] [--only <part of a circuit's name>]
                                    [--workers <1, 2, …>] [--measure ${MEASURES.join(',')}]
`

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      only: { type: 'string' },
      runs: { type: 'string', default: '7' },
      workers: { type: 'string' },
      measure: { type: 'string', default: MEASURES.join(',') },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('--runs is a positive number')
  const whole = values.all || values.only !== undefined
  const workerCounts = values.workers === undefined ? (whole ? [1, 2] : [2]) : [Number(values.workers)]
  if (!workerCounts.every((count) => Number.isInteger(count) && count > 0))
    throw new RangeError('--workers is a number')
  const measures = values.measure.split(',')
  const unknown = measures.find((name) => !MEASURES.some((known) => known === name))
  if (unknown !== undefined) throw new RangeError(`--measure knows ${MEASURES.join(', ')}, not ${unknown}`)
  const comparisons: Comparison[] = []
  const memory: Memory[] = []
  let chromiumVersion = ''
  for (const what of await casesOf(whole, values.only)) {
    const site = await startProverSite({ keys: what.keys, keySetHash: what.keySetHash })
    chromiumVersion = site.chromiumVersion
    try {
      for (const workers of workerCounts) {
        const begun = (name: (typeof MEASURES)[number]): boolean => {
          if (!measures.includes(name)) return false
          process.stderr.write(`${what.id}, ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${name} …\n`)
          return true
        }
        const setting = { circuit: what.id, rows: what.rows, workers }
        if (begun('warm')) {
          const samples = await measureWarm(what, { site, workers, runs })
          comparisons.push(compare({ ...setting, place: 'Chromium', state: 'warm' }, samples))
        }
        if (begun('cold')) {
          const samples = await measureCold(what, { site, workers, runs })
          comparisons.push(compare({ ...setting, place: 'Chromium', state: 'cold' }, samples))
        }
        if (begun('node')) {
          const samples = await measureNode(what, { workers, runs, state: 'warm' })
          comparisons.push(compare({ ...setting, place: 'Node', state: 'warm' }, samples))
        }
        if (workers === 2 && begun('memory')) {
          memory.push(memoryOf(what.id, workers, await measureMemory(what, { site, workers, runs: Math.min(runs, 3) })))
        }
      }
    } finally {
      await site.stop()
    }
  }
  const bars = barsOf(comparisons, memory)
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.version,
    chromium: chromiumVersion,
  }
  const report = { bench: 'prove', machine, runs, comparisons, memory, bars }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(report))
  if (bars.some(({ ok }) => !ok)) process.exitCode = 1
}

function memoryOf(circuit: string, workers: number, peaks: MemorySamples): Memory {
  const megabytes = (bytes: readonly number[]): number => Math.round(median(bytes) / 1e6)
  const [oursMB, snarkjsMB] = [megabytes(peaks.ours), megabytes(peaks.snarkjs)]
  const others = { firstUseMB: megabytes(peaks.firstUse), idleMB: megabytes(peaks.idle) }
  return { circuit, workers, oursMB, snarkjsMB, ...others, ratio: ratio(oursMB, snarkjsMB) }
}

async function casesOf(whole: boolean, only: string | undefined): Promise<ProveCase[]> {
  const all = whole
    ? [await productCase('present-v1'), await productCase('login-v1'), ...(await sizeCases(only))]
    : [await productCase('present-v1')]
  const chosen = all.filter(({ id }) => only === undefined || id.includes(only))
  if (chosen.length === 0) throw new RangeError(`no circuit's name holds ${only}`)
  return chosen
}

/** The bars are for two workers in Chromium; everything else is information. */
function barsOf(comparisons: readonly Comparison[], memory: readonly Memory[]): Bar[] {
  const bars = comparisons
    .filter(({ place, workers }) => place === 'Chromium' && workers === 2)
    .flatMap((comparison) => {
      const { circuit, rows, state, fullRatio, proveRatio } = comparison
      const where = `${circuit}, Chromium, 2 workers`
      // Below 5,000 rows no bar stands: a proof is then mostly what surrounds it.
      if (rows < 5000) return []
      if (state === 'cold') {
        const bar = atLeast(2.5, { name: `cold ratio (${where})`, value: fullRatio, unit: '×' })
        return circuit === 'present-v1' ? [bar] : []
      }
      return [
        atLeast(circuit === 'present-v1' ? 4 : 3.5, {
          name: `full proof ratio (${where})`,
          value: fullRatio,
          unit: '×',
        }),
        atLeast(3.5, { name: `prove ratio (${where})`, value: proveRatio, unit: '×' }),
      ]
    })
  const peaks = memory
    .filter(({ circuit }) => circuit === 'present-v1')
    .map(({ circuit, ratio: value }) =>
      atMost(0.5, { name: `memory ratio (${circuit}, Chromium, 2 workers)`, value, unit: 'of snarkjs' }),
    )
  return [...bars, ...peaks]
}

function table({ comparisons, memory, bars }: { comparisons: Comparison[]; memory: Memory[]; bars: Bar[] }): string {
  const heading = ['circuit', 'rows', 'place', 'workers', 'state', 'ours ms', 'snarkjs ms', 'ratio', 'prove ratio']
  const lines = comparisons.map(({ circuit, rows, place, workers, state, medians, fullRatio, proveRatio }) =>
    [circuit, rows, place, workers, state, medians.ours.fullMs, medians.snarkjs.fullMs, fullRatio, proveRatio].map(
      String,
    ),
  )
  const rows = [heading, ...lines].map((line) => `${line.map((cell) => cell.padStart(12)).join('')}\n`)
  const peaks = memory.map(
    ({ circuit, oursMB, snarkjsMB, firstUseMB, idleMB }) =>
      `${circuit}: peak memory of the renderer ${oursMB} MB (${firstUseMB} MB at first use), snarkjs ${snarkjsMB} MB, an idle page ${idleMB} MB\n`,
  )
  return [...rows, '\n', ...peaks, '\n', ...bars.map((bar) => `${barLine(bar, barWidth(bars))}\n`)].join('')
}
