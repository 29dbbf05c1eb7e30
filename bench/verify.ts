/**
 * What verifying a proof costs: strictly and alone (128 bytes decoded, every check, the pairing), as one of 64 verified
 * together, as one of 64 bad ones, and by `snarkjs.groth16.verify` and `@noble/curves` on the same proof. All in one
 * process, warm, in turns.
 *
 *     npm run bench:verify                 a table
 *     npm run bench:verify -- --json       one JSON object
 *     npm run bench:verify -- --runs 15    samples for each median, 7 at least
 *
 * snarkjs runs its Miller loops in threads of its own, one for each core, which the verifier does without. So a bar is
 * about what a proof takes of a core: processor time, that of all threads. The clock's figures stand beside it, and are
 * to be believed on an idle machine only. Exit code 1 when a bar is missed.
 */
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { bn254 } from '@noble/curves/bn254.js'
import * as snarkjs from 'snarkjs'
import { atLeast, atMost, type Bar, barLine, barWidth } from '../scripts/bar.ts'
import { ensureKeySet, type KeySet } from '../scripts/keys.ts'
import { randomBytes } from '../src/protocol/bytes.ts'
import { type FieldElement, randomField, toField } from '../src/protocol/field.ts'
import { artefactFile } from '../src/protocol/key-set.ts'
import { decodeProof } from '../src/protocol/proof.ts'
import type { CircuitId } from '../src/protocol/signals.ts'
import { createNodeProver } from '../src/prover/node.ts'
import type { WitnessInputs } from '../src/prover/witness.ts'
import { loadVerificationKey } from '../src/verifier/verification-key.ts'
import { verifyProof } from '../src/verifier/verify-proof.ts'
import { type ProofUnderKey, verifyProofs } from '../src/verifier/verify-proofs.ts'
import { acceptedCase, presentInputs } from '../test/circuits/present-case.ts'
import { createNobleVerifier, encodePoints, readKeyPoints, readPoints } from '../test/verifier/noble-verifier.ts'
import { median } from './median.ts'

const INPUTS = {
  'login-v1': { context: 5n, scope: 6n, holderSecret: 7n, deviceKey: 8n, deviceSalt: 9n },
  'present-v1': presentInputs(acceptedCase()),
} satisfies Partial<Record<CircuitId, WitnessInputs>>

type MeasuredCircuit = keyof typeof INPUTS

/** Milliseconds for one proof, medians: by the clock, and of processors. */
type Times = { wallMs: number; cpuMs: number }

/** Of processor time, and by the clock. */
type Ratio = { cpu: number; wall: number }

type CircuitFigures = {
  signals: number
  keyLoadMs: number
  single: Times
  batch: Times
  allBad: Times
  snarkjs: Times
  noble: Times
  /** How many times as much snarkjs takes for one proof as this does alone, and as one of a batch. */
  singleRatio: Ratio
  batchRatio: Ratio
  /** A proof among 64 bad ones against a bad one alone: what flooding costs. */
  allBadRatio: Ratio
}

const BATCH = 64
const SINGLE_BAR = 8
const BATCH_BAR = 20
const ALL_BAD_BAR = 2

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '9' } } })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 7) throw new RangeError('--runs is a whole number from 7 on')
  const keySet = await ensureKeySet({ origin: 'development' })
  const circuits: Partial<Record<MeasuredCircuit, CircuitFigures>> = {}
  // Object.keys widens the keys it was given.
  for (const id of Object.keys(INPUTS) as MeasuredCircuit[]) {
    process.stderr.write(`${id} …\n`)
    circuits[id] = await measureCircuit(id, { keySet, runs })
  }
  // Its threads would keep the process.
  await (await snarkjs.curves.getCurveFromName('bn128')).terminate()

  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    snarkjsThreads: cpus().length,
  }
  const bars = Object.entries(circuits).flatMap(([id, { singleRatio, batchRatio, allBadRatio }]): Bar[] => [
    atLeast(SINGLE_BAR, { name: `single ratio (${id})`, value: singleRatio.cpu, unit: 'times' }),
    atLeast(BATCH_BAR, { name: `batch ratio (${id})`, value: batchRatio.cpu, unit: 'times' }),
    atMost(ALL_BAD_BAR, { name: `all bad ratio (${id})`, value: allBadRatio.cpu, unit: 'times' }),
  ])
  const report = { bench: 'verify', machine, runs, batch: BATCH, keySet: keySet.hash, circuits, bars }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(circuits, bars))
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

/** Proofs of the circuit, each `sample` one measurement of so many of them. */
async function measureCircuit(
  id: MeasuredCircuit,
  { keySet, runs }: { keySet: KeySet; runs: number },
): Promise<CircuitFigures> {
  const json = JSON.parse(await readFile(join(keySet.directory, artefactFile(id, 'verificationKey')), 'utf8'))
  const { proof, signals } = await prove(id, keySet)
  const began = performance.now()
  const key = await loadVerificationKey(json, { circuit: id })
  const keyLoadMs = performance.now() - began
  const good = Array.from({ length: BATCH }, (): ProofUnderKey => ({ key, signals, proof: madeAnew(proof) }))
  const bad = good.map((item) => ({ ...item, signals: signals.with(0, randomField()) }))
  const noble = createNobleVerifier(readKeyPoints(json))
  const reference = proofJson(proof)

  const contenders = {
    single: sampleOf(BATCH, () => good.every((item) => isValid(item))),
    batch: sampleOf(4 * BATCH, () => [1, 2, 3, 4].every(() => areAll('VALID', good))),
    bad: sampleOf(BATCH, () => !bad.some((item) => isValid(item))),
    allBad: sampleOf(BATCH, () => areAll('PROOF_INVALID', bad)),
    snarkjs: sampleOf(5, async () => {
      for (let index = 0; index < 5; index++) {
        if (!(await snarkjs.groth16.verify(json, signals.map(String), reference))) return false
      }
      return true
    }),
    noble: sampleOf(2, () => [proof, proof].every((each) => noble.verify(signals, each) === 'VALID')),
  }
  const times = await measureInTurns(contenders, runs)
  return {
    signals: signals.length,
    keyLoadMs: rounded(keyLoadMs),
    single: times.single,
    batch: times.batch,
    allBad: times.allBad,
    snarkjs: times.snarkjs,
    noble: times.noble,
    singleRatio: ratio(times.snarkjs, times.single),
    batchRatio: ratio(times.snarkjs, times.batch),
    allBadRatio: ratio(times.allBad, times.bad),
  }
}

type Sample = { readonly proofs: number; readonly run: () => boolean | Promise<boolean> }

function sampleOf(proofs: number, run: Sample['run']): Sample {
  return { proofs, run }
}

/** One sample of each in turn, so that what slows the machine slows all of them; the first round only warms. */
async function measureInTurns<Name extends string>(
  contenders: Readonly<Record<Name, Sample>>,
  runs: number,
): Promise<Record<Name, Times>> {
  // Object.entries and Object.fromEntries widen the keys they are given.
  const samples = (Object.entries(contenders) as [Name, Sample][]).map(([name, sample]) => ({
    name,
    sample,
    taken: [] as Times[],
  }))
  for (let run = 0; run <= runs; run++) {
    for (const { name, sample, taken } of samples) {
      const times = await measure(name, sample)
      if (run > 0) taken.push(times)
    }
  }
  const medians = samples.map(({ name, taken }) => [
    name,
    {
      wallMs: rounded(median(taken.map(({ wallMs }) => wallMs))),
      cpuMs: rounded(median(taken.map(({ cpuMs }) => cpuMs))),
    },
  ])
  return Object.fromEntries(medians) as Record<Name, Times>
}

async function measure(name: string, { proofs, run }: Sample): Promise<Times> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const isRight = await run()
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - wall
  if (!isRight) throw new Error(`${name}: a verdict is wrong`)
  return { wallMs: wallMs / proofs, cpuMs: (user + system) / 1000 / proofs }
}

function isValid({ key, signals, proof }: ProofUnderKey): boolean {
  return verifyProof(key, signals, proof) === 'VALID'
}

function areAll(status: 'VALID' | 'PROOF_INVALID', items: readonly ProofUnderKey[]): boolean {
  return verifyProofs(items, { randomBytes }).every((each) => each === status)
}

async function prove(id: MeasuredCircuit, keySet: KeySet): Promise<{ proof: Uint8Array; signals: FieldElement[] }> {
  const prover = createNodeProver({ location: { base: dirname(keySet.directory), keySetHash: keySet.hash } })
  try {
    const { proof, publicSignals } = await prover.prove(id, INPUTS[id])
    return { proof, signals: publicSignals.map(toField) }
  } finally {
    prover.close()
  }
}

/** Another proof of the same: (s·A, B/s, C). It costs a verifier what a proof of another statement does. */
function madeAnew(proof: Uint8Array): Uint8Array {
  const points = readPoints(proof)
  if (!points) throw new Error('expected a proof')
  const factor = randomField()
  return encodePoints({
    a: points.a.multiply(factor),
    b: points.b.multiply(bn254.fields.Fr.inv(factor)),
    c: points.c,
  })
}

function proofJson(bytes: Uint8Array): snarkjs.ProofJson {
  const { a, b, c } = decodeProof(bytes)
  return {
    pi_a: [...a.map(String), '1'],
    pi_b: [...b.map((coordinate) => coordinate.map(String)), ['1', '0']],
    pi_c: [...c.map(String), '1'],
    protocol: 'groth16',
    curve: 'bn128',
  }
}

function ratio(dividend: Times, { wallMs, cpuMs }: Times): Ratio {
  return { cpu: rounded(dividend.cpuMs / cpuMs), wall: rounded(dividend.wallMs / wallMs) }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function table(circuits: Readonly<Partial<Record<MeasuredCircuit, CircuitFigures>>>, bars: readonly Bar[]): string {
  const rows = Object.entries(circuits).flatMap(([id, figures]) =>
    (['single', 'batch', 'allBad', 'snarkjs', 'noble'] as const).map((name) => {
      const { wallMs, cpuMs } = figures[name]
      return [id, name, wallMs.toFixed(3), cpuMs.toFixed(3)]
    }),
  )
  const lines = [['circuit', 'a proof', 'clock ms', 'processor ms'], ...rows].map((row) =>
    row.map((cell) => cell.padStart(14)).join(''),
  )
  return [...lines, '', ...bars.map((bar) => barLine(bar, barWidth(bars))), ''].join('\n')
}
