/**
 * How long proofs take: each circuit in Node and in Chromium, with the worker warm (keys in its memory) and cold (its
 * first proof; in Chromium with an empty cache, the download from this machine among it).
 *
 *     npm run bench:prove                a table
 *     npm run bench:prove -- --json      one JSON object
 *     npm run bench:prove -- --runs 7    proofs for each median
 */
import { availableParallelism, cpus } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureKeySet, type KeySet } from '../scripts/keys.ts'
import { CIRCUIT_IDS, type CircuitId } from '../src/protocol/signals.ts'
import { createNodeProver } from '../src/prover/node.ts'
import type { ProvePhase } from '../src/prover/prove.ts'
import type { WitnessInputs } from '../src/prover/witness.ts'
import { acceptedGroupCase, groupInputs } from '../test/circuits/group-case.ts'
import { acceptedCase, presentInputs } from '../test/circuits/present-case.ts'
import { median } from './median.ts'
import type { JsonInputs } from './prover-site/page.ts'
import { type ProverSite, startProverSite } from './prover-site/site.ts'

/** Milliseconds, each a median. A warm proof loads nothing. */
type Times = { totalMs: number; witnessMs: number; proveMs: number; loadMs?: number; downloadMs?: number }

type CircuitFigures = {
  rows: number
  zkeyBytes: number
  wasmBytes: number
  node: { cold: Times; warm: Times }
  chromium: { cold: Times; warm: Times }
}

const INPUTS: Readonly<Record<CircuitId, WitnessInputs>> = {
  'issue-v1': { context: 5n, issuerScope: 6n, holderSecret: 7n, holderBlinding: 8n },
  'login-v1': { context: 5n, scope: 6n, holderSecret: 7n, deviceKey: 8n, deviceSalt: 9n },
  'group-v1': groupInputs(acceptedGroupCase()),
  'present-v1': presentInputs(acceptedCase()),
}

/** One proof: when each phase began, and when it was done, in milliseconds after it was asked for. */
type Timeline = { starts: Partial<Record<ProvePhase, number>>; milliseconds: number }

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '7' } } })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('--runs is a positive number')
  const keySet = await ensureKeySet({ origin: 'development' })
  const site = await startProverSite({ keys: dirname(keySet.directory), keySetHash: keySet.hash })
  try {
    const circuits: Partial<Record<CircuitId, CircuitFigures>> = {}
    for (const id of CIRCUIT_IDS) {
      process.stderr.write(`${id} …\n`)
      circuits[id] = await measureCircuit(id, { keySet, site, runs })
    }
    const machine = {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      chromium: site.chromiumVersion,
    }
    const report = { bench: 'prove', machine, runs, keySet: keySet.hash, circuits, bars: [] }
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(circuits))
  } finally {
    await site.stop()
  }
}

type Setting = { keySet: KeySet; site: ProverSite; runs: number }

async function measureCircuit(id: CircuitId, { keySet, site, runs }: Setting): Promise<CircuitFigures> {
  const entry = keySet.manifest.circuits[id]
  if (!entry) throw new Error(`the key set has no ${id}`)
  const { rows, zkeyBytes, wasmBytes } = entry
  return {
    rows,
    zkeyBytes,
    wasmBytes,
    node: await measureNode(id, keySet, runs),
    chromium: await measureChromium(id, site, runs),
  }
}

async function measureNode(id: CircuitId, keySet: KeySet, runs: number): Promise<{ cold: Times; warm: Times }> {
  const location = { base: dirname(keySet.directory), keySetHash: keySet.hash }
  const [cold, warm]: [Timeline[], Timeline[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    const prover = createNodeProver({ location })
    const proof = async (): Promise<Timeline> => {
      const starts: Timeline['starts'] = {}
      const begin = performance.now()
      await prover.prove(id, INPUTS[id], {
        onProgress: ({ phase }) => {
          starts[phase] ??= performance.now() - begin
        },
      })
      return { starts, milliseconds: performance.now() - begin }
    }
    cold.push(await proof())
    warm.push(await proof())
    prover.close()
  }
  return { cold: medians(cold), warm: medians(warm) }
}

async function measureChromium(id: CircuitId, site: ProverSite, runs: number): Promise<{ cold: Times; warm: Times }> {
  const [cold, warm]: [Timeline[], Timeline[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    // Storage of its own, so nothing is in its cache.
    const page = await site.open()
    const proof = async (): Promise<Timeline> => {
      const outcome = await page.evaluate(([circuit, inputs]) => proverPage.prove(circuit, inputs), [
        id,
        jsonInputs(INPUTS[id]),
      ] as const)
      if (!('proof' in outcome)) throw new Error(`no proof of ${id}: ${outcome.name} ${outcome.code}`)
      return outcome
    }
    cold.push(await proof())
    warm.push(await proof())
    await page.context().close()
  }
  return { cold: medians(cold), warm: medians(warm) }
}

function medians(timelines: readonly Timeline[]): Times {
  const of = (read: (timeline: Timeline) => number): number => Math.round(median(timelines.map(read)))
  const from = (phase: ProvePhase, { starts }: Timeline): number => {
    const start = starts[phase]
    if (start === undefined) throw new Error(`a proof went through no phase ${phase}`)
    return start
  }
  const times: Times = {
    totalMs: of(({ milliseconds }) => milliseconds),
    witnessMs: of((line) => from('prove', line) - from('witness', line)),
    proveMs: of((line) => line.milliseconds - from('prove', line)),
  }
  const [first] = timelines
  if (first?.starts.load !== undefined) times.loadMs = of((line) => from('witness', line) - from('load', line))
  if (first?.starts.download !== undefined) times.downloadMs = of((line) => from('load', line) - from('download', line))
  return times
}

function jsonInputs(inputs: WitnessInputs): JsonInputs {
  const entries = Object.entries(inputs).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? String(value) : value.map(String),
  ])
  return Object.fromEntries(entries)
}

function table(circuits: Partial<Record<CircuitId, CircuitFigures>>): string {
  const heading = ['circuit', 'rows', 'zkey kB', 'where', 'worker', 'witness ms', 'prove ms', 'total ms']
  const lines = Object.entries(circuits).flatMap(([id, { rows, zkeyBytes, ...places }]) =>
    (['node', 'chromium'] as const).flatMap((place) =>
      (['cold', 'warm'] as const).map((worker) => {
        const { witnessMs, proveMs, totalMs } = places[place][worker]
        return [id, rows, Math.round(zkeyBytes / 1000), place, worker, witnessMs, proveMs, totalMs]
      }),
    ),
  )
  return [heading, ...lines].map((line) => `${line.map((cell) => String(cell).padStart(11)).join('')}\n`).join('')
}
