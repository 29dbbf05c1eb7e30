import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A secret file cannot be used as it is. `code` is stable: `key_permissions`, `key_corrupt`. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError'
  readonly code: 'key_permissions' | 'key_corrupt'

  constructor(code: SecretFileError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * The text of a secret file, which is made with `create()` if it is not there: for its owner only (0600), in a
 * directory for its owner only (0700), and refused (`key_permissions`) once it is anybody else's too. Of two processes
 * that start at once one makes the file and both read it.
 */
export function readOrCreateSecret(options: { directory: string; file: string; create: () => string }): string {
  const { directory, file, create } = options
  const path = join(directory, file)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!statSync(path, { throwIfNoEntry: false })) publish(directory, path, create())
  refuseIfShared(directory)
  refuseIfShared(path)
  return readFileSync(path, 'utf8')
}

function publish(directory: string, path: string, text: string): void {
  // Written under another name first: a file that is only half there never has the name. A link, unlike a rename,
  // fails where the name is taken, and so never replaces a secret that is in use.
  const draft = join(directory, `.${randomBytes(8).toString('hex')}`)
  try {
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function refuseIfShared(path: string): void {
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new SecretFileError(
      'key_permissions',
      `${path} is open to other users (mode ${mode.toString(8)}). Close it: chmod go-rwx ${path}`,
    )
  }
}
