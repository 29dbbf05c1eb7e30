import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'vite'
import { PROJECT_ROOT } from '../circuits/compile.ts'

/**
 * Bundles `<touchstone-button>` and the page's functions into one module for a page without a bundler: no import of its
 * own, nothing evaluated. Gives its length in bytes, and its length when compressed.
 */
export async function buildButton(outFile: string): Promise<{ bytes: number; gzipBytes: number }> {
  const code = await bundle('sdk/button.ts')
  await mkdir(dirname(outFile), { recursive: true })
  await writeFile(outFile, code)
  return { bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code, { level: 9 }).length }
}

/** One module of the SDK and all that it imports, as one minified module with the same exports. */
export async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: PROJECT_ROOT,
    logLevel: 'silent',
    plugins: [shortStyles],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: join(PROJECT_ROOT, entry), preserveEntrySignatures: 'strict' },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('vite gave no output')
  const chunks = output.output.filter((chunk) => chunk.type === 'chunk')
  const [chunk] = chunks
  if (!chunk || chunks.length > 1 || chunk.imports.length > 0) throw new Error(`${entry} became more than one module`)
  return chunk.code
}

/** What a style sheet within a module has for its reader: no minifier touches it there. */
const shortStyles: Plugin = {
  name: 'short-styles',
  transform: (code, id) =>
    id.endsWith('/button/style.ts')
      ? code.replace(/`[^`]+`/, (css) => css.replace(/\/\*.*?\*\/|\n/gs, '').replace(/\s*([{}:;,])\s+/g, '$1'))
      : undefined,
}

if (import.meta.main) {
  const outFile = join(PROJECT_ROOT, 'build/sdk/button.js')
  const { bytes, gzipBytes } = await buildButton(outFile)
  process.stdout.write(`${outFile}: ${bytes} bytes, ${gzipBytes} compressed\n`)
}
