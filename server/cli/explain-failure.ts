import { errorCodeOf } from '../error-code.ts'

export type Explained = { readonly line: string; readonly exitCode: number }

const UNWRITABLE: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR']
const UNREACHABLE: readonly (string | undefined)[] = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT']

/**
 * One line, or some, for whoever gave the command: never a stack trace. Errors of ours say by themselves what to do, and
 * have their code at the end. Exit code 2 where nothing was begun because of the configuration.
 */
export function explainFailure(error: unknown): Explained {
  const code = errorCodeOf(error)
  const message = error instanceof Error ? error.message : 'unknown'
  if (code === 'configuration_invalid') return { line: `${message}\n(${code})`, exitCode: 2 }
  if (code !== undefined && /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(code)) {
    return { line: `${message} (${code})`, exitCode: 1 }
  }
  if (UNWRITABLE.includes(code)) return { line: `${message}: check the permissions (${code})`, exitCode: 1 }
  if (code === 'ENOENT') return { line: `${message} (${code})`, exitCode: 1 }
  if (UNREACHABLE.includes(code))
    return { line: `a server that is needed does not answer: ${message} (${code})`, exitCode: 1 }
  if (code === 'EADDRINUSE') return { line: `${message}: another program has the port (${code})`, exitCode: 1 }
  return { line: `this should not happen: ${message} (internal_error)`, exitCode: 1 }
}
