import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import type { JsonInputs } from './page.ts'
import { peakRendererMemory } from './renderer-memory.ts'

/** As strict as the wallet's own: the worker and its WebAssembly, the keys, and nothing else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types prover',
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}

const PAGES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><html lang="en"><title>Prover</title><script type="module" src="/page.js"></script>',
  '/peer':
    '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>snarkjs</title><script type="module" src="/peer-page.js"></script>',
}

export type ProverSiteOptions = {
  /** The folder of key sets, served below `/keys/`. */
  keys: string
  keySetHash: string
  /** Called with each key file before it is sent; may send other bytes, or undefined for no answer at all. */
  tamper?: (path: string, bytes: Uint8Array) => Uint8Array | undefined
}

/** `context`: with this storage, else with storage of its own. `workers`: how many the prover may start. */
export type OpenOptions = { context?: BrowserContext; workers?: number }

/** A Chromium on the site. */
type Window = {
  newContext(): Promise<BrowserContext>
  /** A page with our prover. */
  open(options?: OpenOptions): Promise<Page>
  /** A page with snarkjs, under no policy: its threads need `data:` workers. */
  openPeer(options?: Pick<OpenOptions, 'context'>): Promise<Page>
}

export type ProverSite = Window & {
  /** Paths asked for below `/keys/`, in order. */
  readonly asked: string[]
  /** Where the key set's files are, as an absolute path. */
  readonly base: string
  /** Runs `body` in a Chromium that is started for it, and ended. */
  inFreshBrowser<Result>(body: (fresh: Window & { peakMemory(): Promise<number> }) => Promise<Result>): Promise<Result>
  chromiumVersion: string
  stop(): Promise<void>
}

/** The prover's worker bundled for the browser, a page that starts it, the keys, and a real Chromium. */
export async function startProverSite(options: ProverSiteOptions): Promise<ProverSite> {
  const { keySetHash } = options
  const bundle = await mkdtemp(join(tmpdir(), 'touchstone-prover-site-'))
  await bundlePages(bundle)
  const asked: string[] = []
  const { address, close } = await serve(bundle, asked, options)
  const report = (line: string): void => void process.stderr.write(`${line}\n`)
  const launch = (): Promise<Browser> =>
    chromium.launch({ executablePath: ensureChromium(report), args: CHROMIUM_FLAGS })
  const browser = await launch()
  const windowOf = (of: Browser): Window => {
    const openPage = async (path: string, global: string, context?: BrowserContext): Promise<Page> => {
      const page = await (context ?? (await of.newContext())).newPage()
      page.on('pageerror', (error) => report(String(error)))
      page.on('console', (message) => message.type() === 'error' && report(message.text()))
      await page.goto(`${address}${path}`)
      await page.waitForFunction((name) => name in globalThis, global)
      return page
    }
    return {
      newContext: () => of.newContext(),
      open: ({ context, workers } = {}) =>
        openPage(`/?keySet=${keySetHash}${workers ? `&workers=${workers}` : ''}`, 'proverPage', context),
      openPeer: ({ context } = {}) => openPage('/peer', 'peerPage', context),
    }
  }
  return {
    ...windowOf(browser),
    asked,
    base: `/keys/${keySetHash}`,
    inFreshBrowser: async (body) => {
      const fresh = await launch()
      try {
        return await body({ ...windowOf(fresh), peakMemory: () => peakRendererMemory(fresh) })
      } finally {
        await fresh.close()
      }
    },
    chromiumVersion: browser.version(),
    stop: async () => {
      await browser.close()
      await close()
      await rm(bundle, { recursive: true })
    },
  }
}

/** Inputs as they cross to a page. */
export function jsonInputs(inputs: WitnessInputs): JsonInputs {
  const entries = Object.entries(inputs).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? String(value) : value.map(String),
  ])
  return Object.fromEntries(entries)
}

async function serve(bundle: string, asked: string[], { keys, tamper }: ProverSiteOptions) {
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const html = PAGES[path]
    if (html !== undefined) {
      send(response, Buffer.from(html), { type: 'text/html', policy: path === '/' })
      return
    }
    const isKey = path.startsWith('/keys/')
    if (isKey) asked.push(path)
    const bytes = await readFile(isKey ? join(keys, path.slice('/keys/'.length)) : join(bundle, path))
    const sent = isKey && tamper ? tamper(path, bytes) : bytes
    const type = TYPES[extname(path)] ?? 'application/octet-stream'
    if (sent) send(response, sent, { type, policy: !path.includes('peer') })
    else response.destroy()
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    answer(normalize(pathname), response).catch(() => response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is this shape; only a pipe's is a string.
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, bytes: Uint8Array, { type, policy }: { type: string; policy: boolean }): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    ...(policy && { 'content-security-policy': POLICY }),
    'cache-control': 'no-store',
  })
  response.end(bytes)
}

async function bundlePages(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      chunkSizeWarningLimit: 3000,
      rolldownOptions: {
        input: { page: join(import.meta.dirname, 'page.ts'), 'peer-page': join(import.meta.dirname, 'peer-page.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
  })
}
