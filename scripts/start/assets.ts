import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { PROJECT_ROOT } from '../circuits/compile.ts'

/** The pages could not be built; the message is the builder's own. */
export class AssetBuildError extends Error {
  override readonly name = 'AssetBuildError'
  readonly code = 'asset_build'
}

const SITES = ['issuer', 'forum', 'wine'] as const

/** Everything that a built page can depend on. Documents and servers are not among it. */
const SOURCES = [
  'src',
  'sdk',
  'demo',
  'public',
  'index.html',
  'vite.config.ts',
  'vite.demo.config.ts',
  'package.json',
  'package-lock.json',
]

const STAMP_FILE = '.stamp'
const MAX_EXCHANGES = 5

/**
 * Builds the pages of wallet, issuer and demo sites into `<dist>/<name>/` unless they are there already, from exactly
 * these sources and with this key set pinned in the wallet. Several processes may call it at once. Throws {@link AssetBuildError}.
 */
export async function ensureAssets(options: {
  /** The hash that the wallet pins. */
  keySet: string
  dist: string
  onProgress?: (line: string) => void
}): Promise<void> {
  const { keySet, dist, onProgress } = options
  const stampPath = join(dist, STAMP_FILE)
  const stamp = `${await sourceHash()} ${keySet}\n`
  const isBuilt = existsSync(join(dist, 'wallet', 'index.html')) && existsSync(stampPath)
  if (isBuilt && (await readFile(stampPath, 'utf8')) === stamp) return
  onProgress?.('Building the pages (once) …')
  await mkdir(dist, { recursive: true })
  const draft = await mkdtemp(join(dist, '.making-'))
  try {
    await build(['build', '--outDir', join(draft, 'wallet')], { TOUCHSTONE_KEY_SET: keySet })
    for (const site of SITES) {
      await build(['build', '--config', 'vite.demo.config.ts', '--mode', site, '--outDir', join(draft, site)], {})
    }
    // Gone before the first folder changes: what is half exchanged is no build.
    await rm(stampPath, { force: true })
    for (const name of ['wallet', ...SITES]) await exchange(join(draft, name), join(dist, name))
    await writeFile(stampPath, stamp)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Puts a built folder in the place of an old one; another process may be doing the same with the same content. */
async function exchange(draft: string, place: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await rm(place, { recursive: true, force: true })
    try {
      return await rename(draft, place)
    } catch (error) {
      if (attempt === MAX_EXCHANGES) throw error
    }
  }
}

/** In a process of its own: the servers' process stays free to answer and to be stopped. */
function build(arguments_: string[], environment: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = join(PROJECT_ROOT, 'node_modules/vite/bin/vite.js')
    const child = spawn(process.execPath, [vite, ...arguments_, '--logLevel', 'warn'], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...environment, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const stop = () => void child.kill()
    process.once('exit', stop)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      process.removeListener('exit', stop)
      if (code === 0) resolve()
      else reject(new AssetBuildError(`the pages could not be built:\n${output}`))
    })
  })
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of (await Promise.all(SOURCES.map(filesBelow))).flat().sort()) {
    const content = createHash('sha256')
      .update(await readFile(join(PROJECT_ROOT, path)))
      .digest('hex')
    hash.update(`${path}\0${content}\n`)
  }
  return hash.digest('hex')
}

async function filesBelow(source: string): Promise<string[]> {
  const path = join(PROJECT_ROOT, source)
  if (!existsSync(path)) return []
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined)
  if (!entries) return [source]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(PROJECT_ROOT, join(entry.parentPath, entry.name)))
}
