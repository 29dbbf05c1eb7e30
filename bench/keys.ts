/**
 * What proving keys weigh on the wire, and what unpacking them costs: each circuit's key as it is, by gzip, and packed.
 *
 *     npm run bench:keys                a table
 *     npm run bench:keys -- --json      one JSON object; exit code 1 where a bar is missed
 *     npm run bench:keys -- --runs 7    runs for each median
 */
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { atMost, type Bar, barLine, barWidth } from '../scripts/bar.ts'
import { ensureKeySet } from '../scripts/keys.ts'
import { createEngine, type Engine } from '../src/engine/load.ts'
import { artefactFile } from '../src/protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId } from '../src/protocol/signals.ts'
import { packProvingKey } from '../src/proving-key/pack.ts'
import { unpackProvingKey } from '../src/proving-key/unpack.ts'

/** Times are medians of one thread's processor time, so that what else the machine does is not counted. */
type KeyFigures = {
  plainBytes: number
  gzipBytes: number
  packedBytes: number
  packMs: number
  unpackMs: number
  gunzipMs: number
  /**
   * What a download of the packed file instead of the plain one saves at {@link REFERENCE_MBIT}, unpacking not counted.
   */
  savedMs: number
  /** The speeds of a line, in Mbit/s, above which the plain file, or that by gzip, would be there sooner. */
  evenWithPlainMbit: number
  evenWithGzipMbit: number
}

const REFERENCE_MBIT = 50
const PACKED_BOUND = 4_000_000

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '5' } } })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('--runs is a positive number')
  const keySet = await ensureKeySet({ origin: 'development' })
  const engine = await createEngine()
  const circuits: Partial<Record<CircuitId, KeyFigures>> = {}
  for (const id of CIRCUIT_IDS) {
    const zkey = new Uint8Array(await readFile(join(keySet.directory, artefactFile(id, 'zkey'))))
    circuits[id] = await measure(engine, zkey, runs)
  }
  const bars = barsOf(circuits)
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version }
  const report = { bench: 'keys', machine, runs, keySet: keySet.hash, circuits, bars }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(circuits, bars))
  process.exitCode = bars.every((bar) => bar.ok) ? 0 : 1
}

async function measure(engine: Engine, zkey: Uint8Array, runs: number): Promise<KeyFigures> {
  const packed = packProvingKey(engine, zkey)
  const gzipped = gzipSync(zkey)
  const unpack = (): Promise<Uint8Array> => unpackProvingKey(engine, packed, { zkeyBytes: zkey.length })
  if (!Buffer.from(await unpack()).equals(zkey)) throw new Error('a key does not come back from its packed form')
  const unpackMs = await medianMs(runs, unpack)
  const gunzipMs = await medianMs(runs, async () => gunzipSync(gzipped))
  const kilobitsMore = (than: number): number => (8 * (than - packed.length)) / 1000
  return {
    plainBytes: zkey.length,
    gzipBytes: gzipped.length,
    packedBytes: packed.length,
    packMs: await medianMs(runs, async () => packProvingKey(engine, zkey)),
    unpackMs,
    gunzipMs,
    savedMs: Math.round(kilobitsMore(zkey.length) / REFERENCE_MBIT),
    evenWithPlainMbit: Math.round(kilobitsMore(zkey.length) / unpackMs),
    evenWithGzipMbit: Math.round(kilobitsMore(gzipped.length) / (unpackMs - gunzipMs)),
  }
}

async function medianMs(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const before = process.threadCpuUsage()
    await work()
    const { user, system } = process.threadCpuUsage(before)
    times.push((user + system) / 1000)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return Math.max(1, Math.round(sorted[sorted.length >> 1] ?? Number.NaN))
}

function barsOf(circuits: Partial<Record<CircuitId, KeyFigures>>): Bar[] {
  const figures = circuits['present-v1']
  if (!figures) throw new Error('present-v1 was not measured')
  const { packedBytes, unpackMs, savedMs } = figures
  return [
    atMost(PACKED_BOUND, { name: 'packed present-v1', value: packedBytes, unit: 'bytes' }),
    atMost(savedMs, {
      name: `decode cost, against what it saves at ${REFERENCE_MBIT} Mbit/s`,
      value: unpackMs,
      unit: 'ms',
    }),
  ]
}

function table(circuits: Partial<Record<CircuitId, KeyFigures>>, bars: readonly Bar[]): string {
  const heading = [
    'circuit',
    'plain kB',
    'gzip kB',
    'packed kB',
    'pack ms',
    'unpack ms',
    'gunzip ms',
    'saved ms',
    'plain Mbit/s',
    'gzip Mbit/s',
  ]
  const kilobytes = (bytes: number): number => Math.round(bytes / 1000)
  const lines = Object.entries(circuits).map(([id, figures]) => {
    const { plainBytes, gzipBytes, packedBytes, packMs, unpackMs, gunzipMs, savedMs } = figures
    const sizes = [plainBytes, gzipBytes, packedBytes].map(kilobytes)
    return [id, ...sizes, packMs, unpackMs, gunzipMs, savedMs, figures.evenWithPlainMbit, figures.evenWithGzipMbit]
  })
  const rows = [heading, ...lines].map((line) => line.map((cell) => String(cell).padStart(13)).join(''))
  return `${[...rows, '', ...bars.map((bar) => barLine(bar, barWidth(bars)))].join('\n')}\n`
}
