/** Issuer, forum and wine shop alone, for dev.ts, which restarts this when their sources change. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Listener, listen } from '../server/listen.ts'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { ensureKeySet } from './keys.ts'
import { explain } from './start/explain.ts'
import { readPorts } from './start/ports.ts'
import { reportKeys } from './start/progress.ts'
import { serveAll } from './start/servers.ts'

try {
  await serveSites()
} catch (error) {
  const line = explain(error)
  if (line === undefined) throw error
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

async function serveSites(): Promise<void> {
  const { values } = parseArgs({ options: { ports: { type: 'string' } } })
  const ports = readPorts(values.ports)
  /** Vite's development server has the wallet's port. */
  const elsewhere: Listener = { port: ports.wallet, serve: () => undefined, close: async () => undefined }
  const listeners = {
    wallet: elsewhere,
    issuer: await listen(ports.issuer),
    forum: await listen(ports.forum),
    wine: await listen(ports.wine),
  }
  await serveAll(listeners, {
    dataDirectory: join(PROJECT_ROOT, 'data'),
    keySet: await ensureKeySet({ origin: 'local', onProgress: reportKeys((line) => console.info(line)) }),
    dist: join(PROJECT_ROOT, 'dist'),
  })
}
