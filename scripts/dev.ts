/**
 * For working on Touchstone: the same four origins as `npm start`, with the wallet's pages from Vite's development
 * server (changes show at once) and the other three restarted when their sources change.
 *
 * Not what is shipped: the wallet comes without its Content Security Policy, for Vite puts scripts and styles into the
 * page. What concerns the policy is to be tried with `npm start`.
 *
 *     npm run dev -- --ports <four>     as for `npm start`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServer, type Plugin, type ViteDevServer } from 'vite'
import { listen } from '../server/listen.ts'
import { ARTEFACTS_PATH, createWalletHost, WALLET_HEADERS } from '../server/wallet.ts'
import { parseOrigin } from '../src/protocol/origin.ts'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { ensureKeySet, type KeySet } from './keys.ts'
import { ensureAssets } from './start/assets.ts'
import { explain } from './start/explain.ts'
import { type Ports, readPorts } from './start/ports.ts'

const DIST = join(PROJECT_ROOT, 'dist')

export async function main(): Promise<void> {
  try {
    await run()
  } catch (error) {
    const line = explain(error)
    if (line === undefined) throw error
    process.stderr.write(`${line}\n`)
    process.exit(1)
  }
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { ports: { type: 'string' } } })
  const ports = readPorts(values.ports)
  const keySet = await ensureKeySet({ origin: 'local' })
  await ensureAssets({ keySet: keySet.hash, dist: DIST, onProgress: (line) => process.stdout.write(`${line}\n`) })
  await assertFree(ports.wallet)
  const wallet = await startWallet(keySet, ports)
  const sites = startSites(ports)
  const bundles = ['issuer', 'forum', 'wine'].map(watchBundle)
  process.stdout.write(`Wallet at http://wallet.localhost:${ports.wallet}, without its CSP. Ctrl-C stops it all.\n`)
  const stop = async () => {
    for (const child of [sites, ...bundles]) child.kill()
    await wallet.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
}

/** Vite would take the next port instead of a busy one. */
async function assertFree(port: number): Promise<void> {
  const listener = await listen(port)
  await listener.close()
}

async function startWallet(keySet: KeySet, { wallet }: Ports): Promise<ViteDevServer> {
  process.env.TOUCHSTONE_KEY_SET = keySet.hash
  const server = await createServer({
    configFile: join(PROJECT_ROOT, 'vite.config.ts'),
    plugins: [await artefacts(keySet, wallet)],
    server: {
      host: '127.0.0.1',
      port: wallet,
      strictPort: true,
      allowedHosts: ['wallet.localhost'],
      headers: { 'cross-origin-opener-policy': WALLET_HEADERS.openerPolicy, 'referrer-policy': 'no-referrer' },
    },
  })
  return server.listen()
}

/** The key set, from the same server code that serves it in earnest. */
async function artefacts(keySet: KeySet, port: number): Promise<Plugin> {
  const origin = parseOrigin(`http://wallet.localhost:${port}`)
  const host = await createWalletHost({ origin, build: join(DIST, 'wallet'), keySet })
  await host.ready()
  return {
    name: 'artefacts',
    configureServer: (server) => {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith(`${ARTEFACTS_PATH}/`)) host.routing(request, response)
        else next()
      })
    },
  }
}

/** `--watch` restarts the process when a module it has loaded changes. */
function startSites({ wallet, issuer, forum, wine }: Ports): ChildProcess {
  const ports = ['--ports', [wallet, issuer, forum, wine].join()]
  return spawn(
    process.execPath,
    ['--watch', '--watch-preserve-output', join(import.meta.dirname, 'dev-sites.ts'), ...ports],
    {
      stdio: 'inherit',
    },
  )
}

function watchBundle(site: string): ChildProcess {
  const vite = join(PROJECT_ROOT, 'node_modules/vite/bin/vite.js')
  const options = [
    '--config',
    'vite.demo.config.ts',
    '--mode',
    site,
    '--outDir',
    join(DIST, site),
    '--logLevel',
    'warn',
  ]
  return spawn(process.execPath, [vite, 'build', '--watch', ...options], { cwd: PROJECT_ROOT, stdio: 'inherit' })
}
