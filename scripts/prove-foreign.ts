/**
 * Proves under keys that others made: Semaphore's for trees of depth 1 to 32, from its public ceremony. Fetches them
 * once, 109 MB from the npm registry, into build/foreign/.
 *
 *     npm run prove:foreign                    at depths 1, 2, 5, 10, 16, 20 and 32, three proofs each
 *     npm run prove:foreign -- --depths 7,8    at others
 *     npm run prove:foreign -- --seed <n>      other statements
 *     npm run prove:foreign -- --json          one object
 *
 * Exit code 1 when a bar is not met.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { createGroth16Prover } from '../src/prover/groth16-prover.ts'
import { loadWitnessProgram, type WitnessInputs } from '../src/prover/witness.ts'
import { seeded } from '../test/circuits/forger/seeded.ts'
import { createJudges } from '../test/prover/judges.ts'
import { atLeast, barLine, barWidth } from './bar.ts'
import { PROJECT_ROOT } from './circuits/compile.ts'

const PACKAGE = '@zk-kit/semaphore-artifacts@4.13.0'
const ARCHIVE = 'zk-kit-semaphore-artifacts-4.13.0.tgz'
const INTEGRITY = 'UgFQkcwI63XT1Xk8fkUYMNfcuR85LiSL3Of9XLsyMLflHkiwXP9D1WC8hnpD8Tp2HoAMJ/mCv7ZMlU7TC0mvdQ=='
const FOLDER = join(PROJECT_ROOT, 'build/foreign')
const DEPTHS = '1,2,5,10,16,20,32'
const PROOFS = 3
/** Semaphore's secrets are scalars of Baby Jubjub's subgroup, of order above this. */
const SECRETS = 2n ** 248n

const run = promisify(execFile)

if (import.meta.main) await main()

async function main(): Promise<void> {
  const start = performance.now()
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, seed: { type: 'string' }, depths: { type: 'string' } },
  })
  const depths = (values.depths ?? DEPTHS).split(',').map((text) => parseNumber(text, 32))
  const seed = parseNumber(values.seed ?? '0', 999_999_999)
  const folder = await fetchKeys()
  let accepted = 0
  for (const depth of depths) {
    const milliseconds = await proveAt(depth, { folder, seed })
    accepted += milliseconds.length
    const times = milliseconds.map((time) => Math.round(time)).join(', ')
    process.stderr.write(`depth ${depth}: ${milliseconds.length} of ${PROOFS} accepted, ${times} ms\n`)
  }
  const wanted = depths.length * PROOFS
  const bars = [atLeast(wanted, { name: 'proofs under foreign keys accepted', value: accepted, unit: 'proofs' })]
  const seconds = Math.round((performance.now() - start) / 1000)
  const text = bars.map((bar) => barLine(bar, barWidth(bars))).join('\n')
  process.stdout.write(values.json ? `${JSON.stringify({ seed, seconds, depths, bars }, null, 2)}\n` : `${text}\n`)
  if (!bars.every(({ ok }) => ok)) process.exitCode = 1
}

/** How long each proof took that both verifiers accepted. */
async function proveAt(depth: number, { folder, seed }: { folder: string; seed: number }): Promise<number[]> {
  const read = async (ending: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await readFile(join(folder, `semaphore-${depth}.${ending}`)))
  const program = await loadWitnessProgram(await read('wasm'))
  const prover = await createGroth16Prover({ zkey: await read('zkey') })
  const judge = await createJudges(JSON.parse(new TextDecoder().decode(await read('json'))))
  const times: number[] = []
  for (let place = 0; place < PROOFS; place++) {
    const began = performance.now()
    const made = await prover.prove(await program.calculate(randomInputs(depth, seed + place)))
    const time = performance.now() - began
    const { snarkjs, noble } = await judge(made)
    if (snarkjs && noble) times.push(time)
  }
  return times
}

/** Any leaf at any place of a tree of any depth up to the circuit's. */
function randomInputs(depth: number, seed: number): WitnessInputs {
  const { field, below } = seeded(seed, `semaphore-${depth}`)
  const length = 1n + below(BigInt(depth))
  return {
    secret: 1n + below(SECRETS),
    merkleProofLength: length,
    merkleProofIndex: below(2n ** length),
    merkleProofSiblings: Array.from({ length: depth }, (_, level) => (level < length ? field() : 0n)),
    message: field(),
    scope: field(),
  }
}

/** The package's folder, unpacked only if the archive is the pinned one. */
async function fetchKeys(): Promise<string> {
  const folder = join(FOLDER, 'package')
  if (await stat(folder).catch(() => undefined)) return folder
  process.stderr.write(`fetching ${PACKAGE}\n`)
  const unpacked = join(FOLDER, 'unpacked')
  await rm(unpacked, { recursive: true, force: true })
  await mkdir(unpacked, { recursive: true })
  await run('npm', ['pack', PACKAGE, '--pack-destination', FOLDER], { shell: process.platform === 'win32' })
  const archive = join(FOLDER, ARCHIVE)
  const found = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')
  if (found !== INTEGRITY) throw new Error(`${ARCHIVE} has another hash than the published package`)
  await run('tar', ['-xzf', archive, '-C', unpacked])
  await rename(join(unpacked, 'package'), folder)
  await Promise.all([rm(archive), rm(unpacked, { recursive: true })])
  return folder
}

function parseNumber(text: string, greatest: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > greatest)
    throw new Error(`a number up to ${greatest} is wanted, not ${text}`)
  return Number(text)
}
