import { readFileSync } from 'node:fs'
import { PostgresError } from './error.ts'

/** Whom the server runs as. */
export type Account = { readonly uid: number; readonly gid: number }

/** Undefined where this process may run the server itself; as root it may not, and another user is taken. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new PostgresError('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as')
}
