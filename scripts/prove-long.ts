/**
 * Makes proofs of random statements under all circuits, by one to four workers in turn, and asks two independent
 * verifiers about each; then proofs of witnesses with one wire changed, which must verify nowhere. Some ten minutes.
 *
 *     npm run prove:long                    2,000 proofs, and 400 of changed witnesses
 *     npm run prove:long -- --proofs <n>    another number
 *     npm run prove:long -- --seed <n>      other statements; one at random if not said, printed
 *     npm run prove:long -- --json          one object
 *
 * Exit code 1 when a bar is not met.
 */
import { randomInt } from 'node:crypto'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeProof } from '../src/protocol/proof.ts'
import { CIRCUIT_IDS, type CircuitId } from '../src/protocol/signals.ts'
import { createNodeProver } from '../src/prover/node.ts'
import type { WorkerProver } from '../src/prover/worker-prover.ts'
import { loadTarget } from '../test/circuits/forger/load-target.ts'
import type { Verdict } from '../test/prover/judges.ts'
import { openStatement, type Statement } from '../test/prover/statement.ts'
import { atLeast, atMost, barLine, barWidth } from './bar.ts'
import { ensureKeySet } from './keys.ts'

/** Of each hundred proofs. */
const SHARES: Readonly<Record<CircuitId, number>> = { 'issue-v1': 35, 'login-v1': 35, 'group-v1': 20, 'present-v1': 10 }
const TAMPERED_SHARE = 0.2
const WORKERS = [1, 2, 3, 4]

type Count = { proofs: number; accepted: number; tampered: number; tamperedAccepted: number; wrong: string[] }

if (import.meta.main) await main()

async function main(): Promise<void> {
  const start = performance.now()
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, seed: { type: 'string' }, proofs: { type: 'string' } },
  })
  const seed = parseCount(values.seed ?? String(randomInt(1_000_000)))
  const total = parseCount(values.proofs ?? '2000')
  process.stderr.write(`seed ${seed}\n`)
  const circuits = await proveAll(total, seed)
  const counts = Object.values(circuits)
  const sum = (key: Exclude<keyof Count, 'wrong'>): number => counts.reduce((all, count) => all + count[key], 0)
  const bars = [
    atLeast(sum('proofs'), { name: 'proofs accepted', value: sum('accepted'), unit: 'proofs' }),
    atMost(0, { name: 'proofs of changed witnesses accepted', value: sum('tamperedAccepted'), unit: 'proofs' }),
  ]
  const seconds = Math.round((performance.now() - start) / 1000)
  const width = barWidth(bars)
  const lines = [...counts.flatMap(({ wrong }) => wrong), ...bars.map((bar) => barLine(bar, width))]
  const report = values.json
    ? JSON.stringify({ seed, seconds, circuits, bars }, null, 2)
    : [...lines, `seed ${seed}, ${sum('tampered')} changed witnesses, ${seconds} s`].join('\n')
  process.stdout.write(`${report}\n`)
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

async function proveAll(total: number, seed: number): Promise<Partial<Record<CircuitId, Count>>> {
  const { hash, directory } = await ensureKeySet({ origin: 'development' })
  const location = { base: dirname(directory), keySetHash: hash }
  const provers = WORKERS.map((workers) => createNodeProver({ location, workers }))
  const circuits: Partial<Record<CircuitId, Count>> = {}
  for (const circuit of CIRCUIT_IDS) {
    const proofs = Math.round((total * SHARES[circuit]) / 100)
    const tampered = Math.round(proofs * TAMPERED_SHARE)
    const statement = await openStatement(circuit, join(location.base, hash))
    const count: Count = { proofs, accepted: 0, tampered, tamperedAccepted: 0, wrong: [] }
    await proveHonest({ circuit, provers, statement, count, seed })
    await proveTampered({ circuit, statement, count, seed })
    circuits[circuit] = count
  }
  for (const prover of provers) prover.close()
  return circuits
}

type Run = { circuit: CircuitId; statement: Statement; count: Count; seed: number }

/** By the prover that a wallet has, in threads. */
async function proveHonest({
  circuit,
  provers,
  statement,
  count,
  seed,
}: Run & { provers: WorkerProver[] }): Promise<void> {
  const target = await loadTarget(circuit)
  for (let place = 0; place < count.proofs; place++) {
    const prover = provers[place % provers.length]
    if (!prover) throw new RangeError('there is no prover')
    const { proof, publicSignals } = await prover.prove(circuit, target.inputs(seed + place))
    const verdict = await statement.judge({ proof: decodeProof(proof), publicSignals })
    if (verdict.snarkjs && verdict.noble) count.accepted++
    else count.wrong.push(`${circuit}, inputs of seed ${seed + place}, ${said(verdict)}`)
    tell(circuit, 'proofs', place + 1, count.proofs)
  }
}

async function proveTampered({ circuit, statement, count, seed }: Run): Promise<void> {
  const { tampered, prove, judge } = statement
  for (let place = 0; place < count.tampered; place++) {
    const { wire, witness } = await tampered(seed + place)
    const verdict = await judge(await prove(witness))
    if (verdict.snarkjs || verdict.noble) {
      count.tamperedAccepted++
      count.wrong.push(`${circuit}, inputs of seed ${seed + place}, wire ${wire} changed, ${said(verdict)}`)
    }
    tell(circuit, 'changed witnesses', place + 1, count.tampered)
  }
}

function said({ snarkjs, noble }: Verdict): string {
  const word = (accepted: boolean): string => (accepted ? 'accepted' : 'refused')
  return `${word(snarkjs)} by snarkjs, ${word(noble)} by noble-curves`
}

function tell(circuit: CircuitId, what: string, done: number, total: number): void {
  if (done % 50 === 0 || done === total) process.stderr.write(`${circuit}: ${done} of ${total} ${what}\n`)
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`a number from 0 to 999999999 is wanted, not ${text}`)
  return Number(text)
}
