/** Issuer, forum and wine shop alone, for dev.ts, which restarts this when their sources change. */
import { join } from 'node:path'
import { type Listener, listen } from '../server/listen.ts'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { ensureKeySet } from './keys.ts'
import { DEFAULT_PORTS, serveAll } from './start/servers.ts'

/** Vite's development server has the wallet's port. */
const elsewhere: Listener = { port: DEFAULT_PORTS.wallet, serve: () => undefined, close: async () => undefined }

await serveAll(
  {
    wallet: elsewhere,
    issuer: await listen(DEFAULT_PORTS.issuer),
    forum: await listen(DEFAULT_PORTS.forum),
    wine: await listen(DEFAULT_PORTS.wine),
  },
  {
    dataDirectory: join(PROJECT_ROOT, 'data'),
    keySet: await ensureKeySet({ origin: 'local' }),
    dist: join(PROJECT_ROOT, 'dist'),
  },
)
