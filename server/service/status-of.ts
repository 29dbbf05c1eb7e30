import { httpStatusOf } from '../../sdk/server/error-codes.ts'
import { SERVICE_ERROR_CODES } from './service-error.ts'

/** Faults of the configuration to a site that embeds the SDK; here they may be in what the caller sent. */
export const CALLERS_CODES: readonly string[] = ['query_invalid', 'option_invalid']

/** The HTTP status of a code of the service or of the SDK. */
export function statusOf(code: string): number {
  const own = Object.entries(SERVICE_ERROR_CODES).find(([name]) => name === code)
  if (own) return own[1].status
  return CALLERS_CODES.includes(code) ? 422 : httpStatusOf(code)
}
