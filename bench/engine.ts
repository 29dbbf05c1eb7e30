/**
 * What the engine's parts take of a core, and what ffjavascript, snarkjs' arithmetic, takes for the same on one thread:
 * transforms, sums of multiples of the points of present-v1's key, and the quotient of the same key.
 *
 *     npm run bench:engine                 a table
 *     npm run bench:engine -- --json       one JSON object
 *     npm run bench:engine -- --runs 7     samples for each median
 *
 * Both take turns in one process. Processor time, so that a busy machine disturbs it less; it is counted in steps that
 * some systems make coarse, which is why nothing shorter than a millisecond is here.
 */
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as snarkjs from 'snarkjs'
import { ensureKeySet } from '../scripts/keys.ts'
import { Domain } from '../src/engine/domain.ts'
import { createEngine, type Engine } from '../src/engine/load.ts'
import { type Group, multiply, PointSet, Scalars } from '../src/engine/msm.ts'
import { QuotientProgram } from '../src/engine/quotient.ts'
import { readZkey } from '../src/proving-key/read-zkey.ts'
import { ENTRY_BYTES, type ZkeySections } from '../src/proving-key/zkey-format.ts'
import { median } from './median.ts'

/** Milliseconds of processor time. */
type Figure = { what: string; engineMs: number; ffjavascriptMs: number }

/** What this uses of ffjavascript's curve, which has no types. */
type ReferenceGroup = { multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array> }
type Reference = {
  Fr: {
    fft(values: Uint8Array): Promise<Uint8Array>
    ifft(values: Uint8Array): Promise<Uint8Array>
    batchApplyKey(values: Uint8Array, first: Uint8Array, factor: Uint8Array): Promise<Uint8Array>
    one: Uint8Array
    /** Roots of unity by the logarithm of their order. */
    w: readonly Uint8Array[]
    add(a: Uint8Array, b: Uint8Array): Uint8Array
    mul(a: Uint8Array, b: Uint8Array): Uint8Array
  }
  G1: ReferenceGroup
  G2: ReferenceGroup
}

type Setting = { engine: Engine; reference: Reference; runs: number }

const DOMAINS = [14, 17, 19]

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '7' } } })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('--runs is a positive number')
  const { directory } = await ensureKeySet({ origin: 'development' })
  const key = readZkey(await readFile(join(directory, 'present-v1.zkey')))
  const curve = await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
  // snarkjs' declarations have the part of the curve that the tests use.
  const setting = { engine: await createEngine(), reference: curve as unknown as Reference, runs }
  const figures: Figure[] = []
  for (const log of DOMAINS) figures.push(...(await measureTransforms(setting, log)))
  for (const group of ['g1', 'g2'] as const) figures.push(await measureSum(setting, key, group))
  figures.push(await measureQuotient(setting, key))
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version }
  process.stdout.write(
    values.json ? `${JSON.stringify({ bench: 'engine', machine, runs, figures }, null, 2)}\n` : table(figures),
  )
}

async function measureTransforms({ engine, reference, runs }: Setting, log: number): Promise<Figure[]> {
  const domain = Domain.create(engine, log)
  const elements = engine.allocate(domain.polynomialBytes)
  const bytes = scalarBytes(domain.size)
  // Limbs below 2^24: any numbers that are elements will do.
  engine.view(elements, domain.polynomialBytes).set(Uint8Array.from({ length: domain.polynomialBytes }, limbByte))
  const forward = await inTurns(
    runs,
    () => domain.toCosetValues(elements),
    () => reference.Fr.fft(bytes),
  )
  const inverse = await inTurns(
    runs,
    () => domain.toScaledCoefficients(elements),
    () => reference.Fr.ifft(bytes),
  )
  return [
    { what: `FFT, 2^${log} points`, ...forward },
    { what: `inverse FFT, 2^${log} points`, ...inverse },
  ]
}

async function measureSum({ engine, reference, runs }: Setting, key: ZkeySections, group: Group): Promise<Figure> {
  const points = group === 'g1' ? key.a : key.b2
  const places = Uint32Array.from({ length: key.wires }, (_, index) => index)
  const set = PointSet.create(engine, { group, points, places })
  const scalars = new Scalars(engine, key.wires)
  const bytes = scalarBytes(key.wires)
  const times = await inTurns(
    runs,
    () => {
      scalars.put(0, bytes)
      multiply(engine, set, scalars)
    },
    () => reference[group === 'g1' ? 'G1' : 'G2'].multiExpAffine(points, bytes),
  )
  return { what: `sum of ${set.count} multiples, ${group.toUpperCase()}`, ...times }
}

async function measureQuotient({ engine, reference, runs }: Setting, key: ZkeySections): Promise<Figure> {
  const { wires, domainLog, coefficients } = key
  const program = QuotientProgram.create(engine, { domainLog, wires, entries: coefficients })
  const witness = scalarBytes(wires)
  const times = await inTurns(
    runs,
    () => program.evaluate(witness),
    () => referenceQuotient(reference, key, witness),
  )
  return { what: `quotient of present-v1, 2^${domainLog} points`, ...times }
}

/** What snarkjs does: the rows entry by entry, then three transforms back and three on the coset. */
async function referenceQuotient({ Fr }: Reference, key: ZkeySections, witness: Uint8Array): Promise<void> {
  const { coefficients, domain, domainLog } = key
  const [a, b, c] = [new Uint8Array(32 * domain), new Uint8Array(32 * domain), new Uint8Array(32 * domain)]
  const view = new DataView(coefficients.buffer, coefficients.byteOffset, coefficients.length)
  for (let at = 0; at < coefficients.length; at += ENTRY_BYTES) {
    const rows = view.getUint32(at, true) === 0 ? a : b
    const row = 32 * view.getUint32(at + 4, true)
    const wire = 32 * view.getUint32(at + 8, true)
    const product = Fr.mul(coefficients.slice(at + 12, at + ENTRY_BYTES), witness.slice(wire, wire + 32))
    rows.set(Fr.add(rows.slice(row, row + 32), product), row)
  }
  for (let row = 0; row < c.length; row += 32) c.set(Fr.mul(a.slice(row, row + 32), b.slice(row, row + 32)), row)
  for (const values of [a, b, c]) {
    await Fr.fft(await Fr.batchApplyKey(await Fr.ifft(values), Fr.one, Fr.w[domainLog + 1] ?? Fr.one))
  }
}

/** Medians of what both take, in turns. */
async function inTurns(runs: number, ours: () => unknown, theirs: () => unknown): Promise<Omit<Figure, 'what'>> {
  const times: [number[], number[]] = [[], []]
  for (let run = 0; run <= runs; run++) {
    for (const [index, act] of [ours, theirs].entries()) {
      const before = process.cpuUsage()
      await act()
      const { user, system } = process.cpuUsage(before)
      // The first run compiles.
      if (run > 0) times[index]?.push((user + system) / 1000)
    }
  }
  return { engineMs: median(times[0]), ffjavascriptMs: median(times[1]) }
}

function limbByte(_: unknown, at: number): number {
  return at % 4 === 3 ? 0 : (at * 7919 + (at >> 8)) & 255
}

/** Full-size scalars, 32 bytes each. */
function scalarBytes(count: number): Uint8Array {
  return Uint8Array.from({ length: 32 * count }, (_, at) =>
    at % 32 === 31 ? (at >> 5) % 48 : (at * 7919 + (at >> 5) * 31) & 255,
  )
}

function table(figures: readonly Figure[]): string {
  const ms = (value: number): string => value.toFixed(1).padStart(14)
  const rows = figures.map(({ what, engineMs, ffjavascriptMs }) => {
    const ratio = `${(ffjavascriptMs / engineMs).toFixed(1)}×`.padStart(8)
    return `${what.padEnd(40)}${ms(engineMs)}${ms(ffjavascriptMs)}${ratio}\n`
  })
  return `${'ms of processor time'.padEnd(40)}${'engine'.padStart(14)}${'ffjavascript'.padStart(14)}\n${rows.join('')}`
}
