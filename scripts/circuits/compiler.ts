import { spawn } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

const require = createRequire(import.meta.url)
const PACKAGE_FILE = require.resolve('circom2/package.json')

/** Full simplification, and the three outputs. The flags are part of every circuit's source hash. */
export const COMPILER_FLAGS = ['--O2', '--r1cs', '--wasm', '--sym'] as const

/** No simplification: every signal keeps a wire, every source line its constraint. For analysis, never for keys. */
export const PLAIN_FLAGS = ['--O0', '--r1cs', '--wasm', '--sym'] as const

export type CompilerFlags = typeof COMPILER_FLAGS | typeof PLAIN_FLAGS

/** Where circom looks for `circomlib/circuits/…`, relative to the project root. */
export const COMPILER_LIBRARIES = ['node_modules'] as const

/** The circom compiler refused a circuit or died; `output` is what it printed. */
export class CircuitCompileError extends Error {
  override readonly name = 'CircuitCompileError'
  readonly code = 'circuit_compile_failed'
  readonly output: string

  constructor(mainFile: string, output: string, options?: ErrorOptions) {
    super(`circom could not compile ${mainFile}:\n${output.slice(-2000)}`, options)
    this.output = output
  }
}

/** `circom2 <version>`: the npm package that carries circom as WebAssembly. */
export async function compilerVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(PACKAGE_FILE, 'utf8')) as { version: string }
  return `circom2 ${version}`
}

/**
 * Compiles one main file into `outputDirectory`, in a process of its own, for the compiler blocks its thread. All paths
 * are absolute; {@link COMPILER_LIBRARIES} are looked for below `root`.
 *
 * @throws CircuitCompileError
 */
export async function runCompiler(
  mainFile: string,
  options: { root: string; outputDirectory: string; flags?: CompilerFlags; signal?: AbortSignal | undefined },
): Promise<void> {
  const { root, outputDirectory, flags = COMPILER_FLAGS, signal } = options
  // circom does not follow a link out of the folders that it is given: `node_modules` may be one.
  const libraries = await Promise.all(COMPILER_LIBRARIES.map((library) => realpath(join(root, library))))
  const cwd = [mainFile, ...libraries].reduce(commonFolder, root)
  const libraryFlags = libraries.flatMap((library) => ['-l', relative(cwd, library)])
  const args = [relative(cwd, mainFile), ...flags, ...libraryFlags, '-o', relative(cwd, outputDirectory)]
  const child = spawn(process.execPath, [join(dirname(PACKAGE_FILE), 'cli.js'), ...args], { cwd, signal })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new CircuitCompileError(mainFile, cause.message, { cause })))
    child.once('close', resolve)
  })
  if (exitCode !== 0) throw new CircuitCompileError(mainFile, output)
}

/** `folder` or the nearest above it that holds the file: circom finds `../` in an include only below where it runs. */
function commonFolder(folder: string, file: string): string {
  return relative(folder, file).startsWith('..') ? commonFolder(dirname(folder), file) : folder
}
