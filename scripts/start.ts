/**
 * Runs everything on this machine: wallet, issuer, forum and wine shop, each at an origin of its own, with keys of
 * this deployment's own.
 *
 *     npm start                       what is missing (circuits, keys, pages) is made first
 *     npm start -- --data <folder>    keeps keys and databases elsewhere than in data/
 *     npm start -- --dist <folder>    keeps built pages elsewhere than in dist/
 *     npm start -- --ports <four>     other ports than 4400,4401,4402,4403: then all of it is another deployment
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { ensureKeySet } from './keys.ts'
import { ensureAssets } from './start/assets.ts'
import { explain } from './start/explain.ts'
import { readPorts } from './start/ports.ts'
import { reportKeys } from './start/progress.ts'
import { listenAll, type Origins, type Running, type StartOptions, serveAll } from './start/servers.ts'

export { ensureAssets } from './start/assets.ts'
export { DEFAULT_PORTS, type Ports } from './start/ports.ts'
export type { Origins, Running, StartOptions } from './start/servers.ts'

/**
 * Starts the four servers in this process; ports that are not given are free ones' own. Whoever passes a development
 * key set gets servers that believe it. Throws PortInUseError, and what the servers throw.
 */
export async function startAll(options: StartOptions): Promise<Running> {
  const listeners = await listenAll(options.ports)
  return serveAll(listeners, options)
}

/** The command. Ends with one line for whatever the person at the keyboard can mend. */
async function main(): Promise<void> {
  try {
    await run()
  } catch (error) {
    const line = explain(error)
    if (line === undefined) throw error
    process.stderr.write(`${line}\n`)
    // Listeners that are open already would keep the process.
    process.exit(1)
  }
}

async function run(): Promise<void> {
  const { data, dist, ports } = readArguments()
  // First of all: a busy port is known before minutes are spent on keys.
  const listeners = await listenAll(ports)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const keySet = await ensureKeySet({ origin: 'local', directory: join(data, 'keys'), onProgress: reportKeys(say) })
  await ensureAssets({ keySet: keySet.hash, dist, onProgress: say })
  const { origins, close } = await serveAll(listeners, { dataDirectory: data, keySet, dist })
  process.stdout.write(welcome(origins))
  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Nobody waits twice: the second Ctrl-C ends it at once.
      if (closing) process.exit(0)
      closing = true
      close().catch((error: unknown) => {
        console.error(error)
        process.exit(1)
      })
    })
  }
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(PROJECT_ROOT, 'data') },
      dist: { type: 'string', default: join(PROJECT_ROOT, 'dist') },
      ports: { type: 'string' },
    },
  })
  return { data: resolve(values.data), dist: resolve(values.dist), ports: readPorts(values.ports) }
}

/** Where everything is. */
export function addresses({ wallet, issuer, forum, wine }: Origins): string {
  return `  Wallet     ${wallet}
  Issuer     ${issuer}   a demo: it checks nothing
  Forum      ${forum}
  Wine shop  ${wine}`
}

function welcome(origins: Origins): string {
  return `
Touchstone is running.

${addresses(origins)}

With a security key: open the wallet and create it, get a credential from the issuer,
sign in at the forum, prove at the wine shop that you are 18 or older.
Without one: "npm run demo" does all of it by itself, in a browser of its own.
To take a credential back, as its issuer: "npm run issuer -- list", then "revoke".

Ctrl-C stops it. Keys and accounts stay in data/; "npm run reset" removes them.
`
}

if (import.meta.main) await main()
