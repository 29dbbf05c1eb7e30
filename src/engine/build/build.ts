import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Q, R } from '../parameters.ts'
import { butterflySource } from './butterfly.ts'
import { coefficientConstantsSource } from './coefficient-constants.ts'
import { combinationSource } from './combination.ts'
import { curveConstantsSource } from './curve-constants.ts'
import { fq2KernelSource } from './fq2-kernel.ts'
import { fq2NormSource } from './fq2-norm.ts'
import { glvSource } from './glv.ts'
import { linearKernelSource } from './linear-kernel.ts'
import { pairingConstantsSource } from './pairing-constants.ts'
import { primeFieldSource } from './prime-field.ts'

const ENGINE = join(import.meta.dirname, '..')
const ASSEMBLY = join(ENGINE, 'assembly')
/** What load.ts imports. */
const GENERATED_MODULE = join(ENGINE, 'generated/wasm.ts')

/** Sources that follow from the curve's parameters, by name, in `assembly/generated/`. */
const GENERATED_SOURCES: Readonly<Record<string, () => string>> = {
  'fq.ts': () => primeFieldSource('Fq', Q),
  'fr.ts': () => primeFieldSource('Fr', R),
  'fq2-kernel.ts': fq2KernelSource,
  'fq2-norm.ts': fq2NormSource,
  'fr-butterfly.ts': () => butterflySource(R),
  'fr-combination.ts': () => combinationSource(R),
  'glv.ts': glvSource,
  'coefficient-constants.ts': coefficientConstantsSource,
  'curve-constants.ts': curveConstantsSource,
  'linear-kernel.ts': linearKernelSource,
  'pairing-constants.ts': pairingConstantsSource,
}

const FLAGS = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--runtime', 'stub', '--noAssert', '--enable', 'simd']

/**
 * Writes the sources that follow from the curve's parameters, compiles `assembly/` and writes the module, in base64,
 * where load.ts imports it: inlined, so that a page, a worker and a server all have it without fetching. A few
 * seconds; nothing at all where the module that stands there was made from these very sources.
 */
export async function ensureEngine(): Promise<{ made: boolean }> {
  for (const [name, source] of Object.entries(GENERATED_SOURCES)) await put(join(ASSEMBLY, 'generated', name), source())
  const compiler = await compilerVersion()
  const sources = `// Written by the engine's build from sources ${await fingerprint()}, by assemblyscript `
  const mark = `${sources}${compiler}. Not to be edited.\n`
  // Without the compiler, which only development needs, what these sources were once compiled to is good.
  if ((await readText(GENERATED_MODULE))?.startsWith(compiler === undefined ? sources : mark)) return { made: false }
  const base64 = Buffer.from(await compile()).toString('base64')
  await put(
    GENERATED_MODULE,
    `${mark}\n/** The compiled engine: WebAssembly, in base64. */\nexport const ENGINE_WASM =\n  '${base64}'\n`,
  )
  return { made: true }
}

async function compile(): Promise<Uint8Array> {
  // A second of loading, for nothing where the module is up to date.
  const { default: asc } = await import('assemblyscript/asc')
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'engine.wasm', ...FLAGS], {
    readFile: async (name: string, base: string) =>
      (await readText(join(base === '.' ? ASSEMBLY : base, name))) ?? null,
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== 'string') wasm = contents
    },
    listFiles: () => [],
  })
  if (error || !wasm) throw new Error(`the engine does not compile:\n${stderr.toString()}`, { cause: error })
  return wasm
}

/** Undefined where it is not installed. */
async function compilerVersion(): Promise<string | undefined> {
  const manifest = await readText(join(ENGINE, '../../node_modules/assemblyscript/package.json'))
  return /"version": *"([^"]*)"/.exec(manifest ?? '')?.[1]
}

/** Of what the compiler is given: our sources and the flags. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(FLAGS.join(' '))
  const names = (await readdir(ASSEMBLY, { recursive: true })).filter((name) => name.endsWith('.ts')).sort()
  for (const name of names) hash.update(`\n${name}\n`).update((await readText(join(ASSEMBLY, name))) ?? '')
  return hash.digest('hex')
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Complete or not at all: another process may be reading. */
async function put(path: string, contents: string): Promise<void> {
  if ((await readText(path)) === contents) return
  await mkdir(join(path, '..'), { recursive: true })
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, contents)
  await rename(temporary, path)
}
