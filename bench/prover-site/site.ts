import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'

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

const PAGE = '<!doctype html><html lang="en"><title>Prover</title><script type="module" src="/page.js"></script>'

export type ProverSiteOptions = {
  /** The folder of key sets, served below `/keys/`. */
  keys: string
  keySetHash: string
  /** Called with each key file before it is sent; may send other bytes, or undefined for no answer at all. */
  tamper?: (path: string, bytes: Uint8Array) => Uint8Array | undefined
}

export type ProverSite = {
  /** Paths asked for below `/keys/`, in order. */
  readonly asked: string[]
  /** A page with storage of its own, unless one with storage is given. */
  open(context?: BrowserContext): Promise<Page>
  chromiumVersion: string
  stop(): Promise<void>
}

/** The prover's worker bundled for the browser, a page that starts it, the keys, and a real Chromium. */
export async function startProverSite({ keys, keySetHash, tamper }: ProverSiteOptions): Promise<ProverSite> {
  const bundle = await mkdtemp(join(tmpdir(), 'touchstone-prover-site-'))
  await bundlePage(bundle)
  const asked: string[] = []
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === '/') {
      send(response, Buffer.from(PAGE), 'text/html')
      return
    }
    const isKey = path.startsWith('/keys/')
    if (isKey) asked.push(path)
    const bytes = await readFile(isKey ? join(keys, path.slice('/keys/'.length)) : join(bundle, path))
    const sent = isKey && tamper ? tamper(path, bytes) : bytes
    if (sent) send(response, sent, TYPES[extname(path)] ?? 'application/octet-stream')
    else response.destroy()
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    answer(normalize(pathname), response).catch(() => response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is this shape; only a pipe's is a string.
  const { port } = server.address() as AddressInfo
  const report = (line: string): void => void process.stderr.write(`${line}\n`)
  const browser = await chromium.launch({ executablePath: ensureChromium(report), args: CHROMIUM_FLAGS })
  return {
    asked,
    chromiumVersion: browser.version(),
    open: async (context) => {
      const page = await (context ?? (await browser.newContext())).newPage()
      page.on('pageerror', (error) => report(String(error)))
      page.on('console', (message) => message.type() === 'error' && report(message.text()))
      await page.goto(`http://127.0.0.1:${port}/?keySet=${keySetHash}`)
      await page.waitForFunction(() => 'proverPage' in globalThis)
      return page
    },
    stop: async () => {
      await browser.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(bundle, { recursive: true })
    },
  }
}

function send(response: ServerResponse, bytes: Uint8Array, type: string): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
  })
  response.end(bytes)
}

async function bundlePage(outDir: string): Promise<void> {
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
      rolldownOptions: {
        input: join(import.meta.dirname, 'page.ts'),
        output: { entryFileNames: 'page.js' },
      },
    },
  })
}
