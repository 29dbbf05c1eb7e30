import { TouchstoneError } from '../../touchstone-error.ts'
import { serverError } from '../error-codes.ts'

/** What the database says when it cannot, and may be able to later. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof TouchstoneError || !isUnavailable(error)) return error
  return serverError('store_unavailable', undefined, { cause: error })
}

/** Two transactions that stood in each other's way: either may simply be run again. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

function isUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  if (typeof code === 'number') return SQLITE_CODES.has(code & 0xff)
  if (typeof code === 'string')
    return POSTGRES_CLASSES.some((prefix) => code.startsWith(prefix)) || SYSTEM_CODES.has(code)
  return error instanceof Error && PG_MESSAGES.some((message) => error.message.includes(message))
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined
  if ('errcode' in error) return error.errcode
  if ('code' in error) return error.code
  return undefined
}

/** Locked for too long, out of memory, read-only, input or output failed, corrupt, disk full, cannot be opened, no database. */
const SQLITE_CODES: ReadonlySet<number> = new Set([5, 7, 8, 10, 11, 13, 14, 26])

/**
 * Connection lost, refused for the password or the database's name, conflicts that did not end, read-only, idle in a
 * transaction, out of resources (disk full among them), locked for too long, shut down, input or output failed.
 */
const POSTGRES_CLASSES = ['08', '28', '3D', '40', '25006', '25P03', '53', '55P03', '57', '58'] as const

/** Of the system: no way to the database, or none to its file. */
const SYSTEM_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
  'EISDIR',
  'ENOTDIR',
  'EROFS',
  'ENOSPC',
])

/** pg's own, which have no code. */
const PG_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client has encountered a connection error and is not queryable',
] as const
