import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installDebianPackage } from '../debian-package.ts'
import { findProgram, isExecutable } from '../find-program.ts'

/** What a cluster is made and served by. */
const PROGRAMS = ['initdb', 'postgres', 'createdb'] as const

/** Debian's, a folder for each version; then those of Homebrew and of what is built by hand. */
const DEBIAN_FOLDER = '/usr/lib/postgresql'
const PLACES = ['/usr/local/pgsql/bin', '/opt/homebrew/bin', '/usr/local/bin']

/** There is no PostgreSQL, and none could be installed; the message says how to get one. */
export class NoPostgresError extends Error {
  override readonly name = 'NoPostgresError'
  readonly code = 'postgres_missing'
}

/**
 * The folder of PostgreSQL's programs: `POSTGRES_BIN`, then PATH, then the usual places, the newest version first.
 * Undefined if there is none. Throws {@link NoPostgresError} if `POSTGRES_BIN` names a folder without them.
 */
export function findPostgres(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.POSTGRES_BIN
  if (named !== undefined) {
    if (!hasPrograms(named))
      throw new NoPostgresError(`POSTGRES_BIN names no folder with ${PROGRAMS.join(', ')}: ${named}`)
    return named
  }
  const onPath = findProgram('initdb')
  return [...(onPath ? [dirname(onPath)] : []), ...debianFolders(), ...PLACES].find(hasPrograms)
}

/**
 * The same, installed from Debian's packages where there is none and this process may (root, apt-get).
 * Throws {@link NoPostgresError}.
 */
export function ensurePostgres(report: (line: string) => void): string {
  const found = findPostgres()
  if (found !== undefined) return found
  report('No PostgreSQL here: installing the Debian package postgresql (a minute or two) …')
  const installed = installDebianPackage('postgresql') ? findPostgres() : undefined
  if (installed !== undefined) return installed
  throw new NoPostgresError(
    'No PostgreSQL was found. Install one (Debian, Ubuntu: sudo apt-get install postgresql), or name the folder of its programs in POSTGRES_BIN.',
  )
}

function hasPrograms(folder: string): boolean {
  return PROGRAMS.every((name) => isExecutable(join(folder, name)))
}

function debianFolders(): string[] {
  try {
    const versions = readdirSync(DEBIAN_FOLDER).sort((one, other) => Number(other) - Number(one))
    return versions.map((version) => join(DEBIAN_FOLDER, version, 'bin'))
  } catch {
    return []
  }
}
