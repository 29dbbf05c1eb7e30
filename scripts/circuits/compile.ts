import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { exclusively } from '../../src/setup/exclusive.ts'
import { COMPILER_FLAGS, COMPILER_LIBRARIES, type CompilerFlags, compilerVersion, runCompiler } from './compiler.ts'
import { readR1csHeader } from './r1cs-header.ts'
import { hashSources, type ReadBytes, readCircuitSources } from './sources.ts'
import { optimiserHash, optimiseWitnessProgram } from './witness-program/optimise.ts'

/** A main file's compiled files on disk and the counts its `.r1cs` states. Paths are absolute. */
export type CompiledMain = {
  /** The main file's name without `.circom`. */
  name: string
  /**
   * Ends in the first 16 hex digits of {@link sourceHash}; has all that the compiler writes once it exists, and is
   * never changed after but for the optimised programs that each optimiser adds.
   */
  directory: string
  r1csPath: string
  /** The witness program behind circom's standard WebAssembly interface, optimised; named by the optimiser's hash. */
  wasmPath: string
  /** The same as circom wrote it, for comparison. */
  stockWasmPath: string
  symPath: string
  /** SHA-256 (hex) over the compiler's version, its flags and every source file, included ones too. */
  sourceHash: string
  /** Constraints, public signals and the constant 1: what the set-up's domain must hold. */
  rows: number
  constraints: number
  /** Outputs, then public inputs, in this order in the witness after the constant 1. */
  publicSignals: number
  wires: number
}

/** One of the project's own circuits, compiled. */
export type CompiledCircuit = CompiledMain & { id: CircuitId }

export type CompileProgress = { circuit: string; phase: 'compiling' | 'compiled'; seconds: number }

export type CompileOptions = {
  /** Called only for circuits that are not in the cache. */
  onProgress?: (progress: CompileProgress) => void
  signal?: AbortSignal
}

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..')

/** Folder of the cache where none is named, relative to the project root. */
const CACHE = 'build/circuits'

/** Two compilers at a time: the small circuits beside the large one, which is the last of the list. */
const PARALLEL = 2

/**
 * Compiles every circuit whose sources are not in the cache, and tells where the files are. With everything in the
 * cache this takes some milliseconds. Several processes may call it at once.
 *
 * @throws CircuitCompileError when circom refuses a circuit
 */
export async function compileCircuits(options: CompileOptions = {}): Promise<Record<CircuitId, CompiledCircuit>> {
  const cached = { ...options, read: rememberReads() }
  const compiled = new Map<CircuitId, CompiledCircuit>()
  const waiting = CIRCUIT_IDS.toReversed()
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      compiled.set(id, { id, ...(await compileMain(`circuits/main/${id}.circom`, cached)) })
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, lane))
  // The lanes end when every id has its entry. In the order of the list, for callers that go through all.
  return Object.fromEntries(CIRCUIT_IDS.map((id) => [id, compiled.get(id)])) as Record<CircuitId, CompiledCircuit>
}

/**
 * Compiles any file that has a `component main`, or finds it compiled: the cache goes by the hash of its sources.
 *
 * @param mainFile absolute, or relative to the project root
 * @param options `cache`: the folder for what is compiled, absolute or relative to the project root
 * @throws CircuitCompileError when circom refuses it
 */
export async function compileMain(
  mainFile: string,
  {
    onProgress,
    signal,
    flags = COMPILER_FLAGS,
    read = readFile,
    cache = CACHE,
  }: CompileOptions & { flags?: CompilerFlags; read?: ReadBytes; cache?: string } = {},
): Promise<CompiledMain> {
  const name = basename(mainFile, '.circom')
  const sources = await readCircuitSources(mainFile, { root: PROJECT_ROOT, libraries: COMPILER_LIBRARIES, read })
  const sourceHash = hashSources([await compilerVersion(), ...flags].join(' '), sources)
  const cacheFolder = resolve(PROJECT_ROOT, cache)
  const directory = join(cacheFolder, `${name}-${sourceHash.slice(0, 16)}`)
  const stockWasmPath = join(directory, `${name}.wasm`)
  const wasmPath = join(directory, `${name}.optimised-${(await optimiserHash()).slice(0, 16)}.wasm`)
  if (!(await exists(wasmPath))) {
    await mkdir(cacheFolder, { recursive: true })
    await exclusively(
      join(cacheFolder, `.${name}.lock`),
      async () => {
        if (!(await exists(directory))) {
          const start = performance.now()
          onProgress?.({ circuit: name, phase: 'compiling', seconds: 0 })
          await compileInto(directory, { name, mainFile, flags, signal })
          onProgress?.({ circuit: name, phase: 'compiled', seconds: (performance.now() - start) / 1000 })
        }
        if (!(await exists(wasmPath))) await optimiseInto(wasmPath, stockWasmPath)
      },
      signal,
    )
  }
  const r1csPath = join(directory, `${name}.r1cs`)
  const header = readR1csHeader(await readFile(r1csPath))
  return {
    name,
    directory,
    r1csPath,
    wasmPath,
    stockWasmPath,
    symPath: join(directory, `${name}.sym`),
    sourceHash,
    rows: header.constraints + header.publicSignals + 1,
    ...header,
  }
}

/** Compiles beside the final folder and renames, so that a folder with that name is always complete. */
async function compileInto(
  directory: string,
  options: { name: string; mainFile: string; flags: CompilerFlags; signal?: AbortSignal | undefined },
): Promise<void> {
  const { name, mainFile, flags, signal } = options
  const temporary = await mkdtemp(`${directory}.tmp-`)
  try {
    await runCompiler(resolve(PROJECT_ROOT, mainFile), {
      root: PROJECT_ROOT,
      outputDirectory: temporary,
      flags,
      signal,
    })
    await rename(join(temporary, `${name}_js`, `${name}.wasm`), join(temporary, `${name}.wasm`))
    // circom's own JavaScript loader; the project has its own.
    await rm(join(temporary, `${name}_js`), { recursive: true })
    await rename(temporary, directory)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    // Another process finished first; what it made is the same.
    if (!(await exists(directory))) throw error
  }
}

/** Complete or not at all, for whoever finds the file does not look again. */
async function optimiseInto(path: string, stockPath: string): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`
  await writeFile(temporary, await optimiseWitnessProgram(await readFile(stockPath)))
  await rename(temporary, path)
}

function rememberReads(): ReadBytes {
  const files = new Map<string, Promise<Uint8Array>>()
  return (path) => {
    const known = files.get(path) ?? readFile(path)
    files.set(path, known)
    return known
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
