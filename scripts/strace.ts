import { installDebianPackage } from './debian-package.ts'
import { findProgram } from './find-program.ts'

/** There is no strace, and none could be installed; the message says how to get one. */
export class NoStraceError extends Error {
  override readonly name = 'NoStraceError'
  readonly code = 'strace_missing'
}

/**
 * The path of strace, installed from Debian's packages where there is none and this process may (root, apt-get).
 * Throws {@link NoStraceError}.
 */
export function ensureStrace(report: (line: string) => void): string {
  const found = findProgram('strace')
  if (found !== undefined) return found
  report('No strace here: installing the Debian package strace …')
  const installed = installDebianPackage('strace') ? findProgram('strace') : undefined
  if (installed !== undefined) return installed
  throw new NoStraceError('No strace was found, which this needs (Linux only). Debian, Ubuntu: apt-get install strace')
}
