import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'

/** The files one circuit is compiled from, by path relative to the project root, with their bytes. */
export type CircuitSources = ReadonlyMap<string, Uint8Array>

/**
 * Reads a circuit's main file and all that it includes, transitively, in the order of circom's own search: first beside
 * the including file, then in `libraries`. `read` remembers files between circuits that share them.
 *
 * @throws Error when an included file is in none of these places
 */
export async function readCircuitSources(
  mainFile: string,
  { root, libraries, read = readFile }: { root: string; libraries: readonly string[]; read?: ReadBytes },
): Promise<CircuitSources> {
  const sources = new Map<string, Uint8Array>()
  const waiting = [resolve(root, mainFile)]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const name = relative(root, file)
    if (sources.has(name)) continue
    const bytes = await read(file)
    sources.set(name, bytes)
    for (const include of includesOf(bytes)) waiting.push(await locate(include, { root, from: file, libraries }))
  }
  return sources
}

/** SHA-256 (hex) over a heading and every source's path and bytes, each with its length, in order of path. */
export function hashSources(heading: string, sources: CircuitSources): string {
  const hash = createHash('sha256')
  hash.update(`${heading.length}:${heading}\n`)
  for (const [path, bytes] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path.length}:${path} ${bytes.length}\n`)
    hash.update(bytes)
  }
  return hash.digest('hex')
}

export type ReadBytes = (path: string) => Promise<Uint8Array>

/** Include statements stand at the top of a file; an over-long constant table need not be searched. */
const HEAD_BYTES = 16_384

function includesOf(bytes: Uint8Array): string[] {
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES))
  return [...head.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)].map((match) => match[1] ?? '')
}

async function locate(
  include: string,
  { root, from, libraries }: { root: string; from: string; libraries: readonly string[] },
): Promise<string> {
  const candidates = [dirname(from), ...libraries.map((library) => resolve(root, library))]
  for (const folder of candidates) {
    const path = join(folder, include)
    if (await isFile(path)) return path
  }
  throw new Error(
    `${relative(root, from)} includes "${include}", which is neither beside it nor in ${libraries.join(', ')}`,
  )
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
