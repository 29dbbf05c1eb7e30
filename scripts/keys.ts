/**
 * Makes the Groth16 keys of the circuits, unless they are there already.
 *
 *     npm run keys                             this deployment's own, in data/keys
 *     npm run keys -- --origin development     the public ones that tests use, in build/keys
 *     npm run keys -- --directory <folder>     elsewhere
 *     npm run keys -- --verify                 also checks the hash of every file
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  ensureKeySet as ensureKeySetOf,
  type KeyProgress,
  type KeySet,
  type OwnOrigin,
} from '../src/setup/key-store.ts'
import { type CompileProgress, compileCircuits, PROJECT_ROOT } from './circuits/compile.ts'
import { COMPILER_FLAGS, compilerVersion } from './circuits/compiler.ts'
import { reportKeys } from './start/progress.ts'

export type { KeySet, OwnOrigin } from '../src/setup/key-store.ts'

export type KeySetProgress =
  | ({ stage: 'circuits' } & CompileProgress)
  /** `done` and `total` count points of the circuit's key. */
  | ({ stage: 'keys' } & KeyProgress)

export type EnsureKeySetOptions = {
  origin: OwnOrigin
  /** The folder of key sets; {@link defaultKeyDirectory} of the origin unless given. */
  directory?: string
  /** Check every file's SHA-256 and not only its length. */
  verify?: boolean
  /** Called only while something is made. */
  onProgress?: (progress: KeySetProgress) => void
  signal?: AbortSignal
}

/**
 * The key set of the circuits as they are in the source tree: compiles what is not compiled, makes the keys that are
 * not made. With both there it takes some tens of milliseconds. Several processes may call it at once.
 *
 * Throws CircuitCompileError, or SetupError `artefact_corrupt`.
 */
export async function ensureKeySet(options: EnsureKeySetOptions): Promise<KeySet> {
  const { origin, directory = defaultKeyDirectory(origin), verify = false, onProgress, signal } = options
  const compiler = [await compilerVersion(), ...COMPILER_FLAGS].join(' ')
  const compiled = await compileCircuits({
    onProgress: (progress) => onProgress?.({ stage: 'circuits', ...progress }),
    ...(signal && { signal }),
  })
  const circuits = Object.values(compiled).map(({ id, rows, r1csPath, wasmPath }) => ({
    id,
    compiler,
    rows,
    r1csPath,
    wasmPath,
  }))
  return ensureKeySetOf(circuits, {
    origin,
    directory,
    verify,
    onProgress: (progress) => onProgress?.({ stage: 'keys', ...progress }),
    ...(signal && { signal }),
  })
}

/** Where the key sets of an origin are kept: development keys can be made again, a deployment's own cannot. */
export function defaultKeyDirectory(origin: OwnOrigin): string {
  return join(PROJECT_ROOT, origin === 'development' ? 'build/keys' : 'data/keys')
}

if (import.meta.main) await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      origin: { type: 'string', default: 'local' },
      directory: { type: 'string' },
      verify: { type: 'boolean' },
    },
  })
  const { origin, directory, verify = false } = values
  if (origin !== 'local' && origin !== 'development') {
    process.stderr.write('--origin is local or development\n')
    process.exitCode = 2
    return
  }
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const start = performance.now()
  const keySet = await ensureKeySet({ origin, verify, onProgress: reportKeys(say), ...(directory && { directory }) })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  say(`${keySet.made ? 'made' : 'found'} ${origin} keys in ${seconds} s: ${keySet.directory}`)
  process.stdout.write(`${keySet.hash}\n`)
}
