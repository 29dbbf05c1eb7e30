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
import { createWalletHost, WALLET_HEADERS } from '../server/wallet-host.ts'
import { ARTEFACTS_PATH } from '../src/protocol/artefacts-path.ts'
import { WALLET_METADATA_PATH } from '../src/protocol/wallet-metadata.ts'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { ensureKeySet, type KeySet } from './keys.ts'
import { ensureAssets } from './start/assets.ts'
import { explain } from './start/explain.ts'
import { NAMES, type Ports, readPorts } from './start/ports.ts'
import { reportKeys } from './start/progress.ts'
import { listenAll, originAt, originsAt } from './start/servers.ts'
import { addresses } from './start.ts'

const DIST = join(PROJECT_ROOT, 'dist')

async function main(): Promise<void> {
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
  // First of all: a busy port is known before minutes are spent on keys.
  const listeners = await listenAll(ports)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const keySet = await ensureKeySet({ origin: 'local', onProgress: reportKeys(say) })
  await ensureAssets({ keySet: keySet.hash, dist: DIST, onProgress: say })
  // Vite and the sites' process open their ports themselves.
  await Promise.all(NAMES.map((name) => listeners[name].close()))
  const wallet = await startWallet(keySet, ports)
  const sites = startSites(ports)
  const bundles = ['issuer', 'forum', 'wine'].map(watchBundle)
  say(`\n${addresses(originsAt(ports))}\n\nThe wallet is here without its CSP. Ctrl-C stops it all.`)
  const stop = async () => {
    for (const child of [sites, ...bundles]) child.kill()
    await wallet.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
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
  const origin = originAt('wallet', port)
  const host = await createWalletHost({ origin, build: join(DIST, 'wallet'), keySet })
  await host.ready()
  return {
    name: 'artefacts',
    configureServer: (server) => {
      server.middlewares.use((request, response, next) => {
        const { url = '' } = request
        if (url.startsWith(`${ARTEFACTS_PATH}/`) || url === WALLET_METADATA_PATH) host.routing(request, response)
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

if (import.meta.main) await main()
