import { TouchstoneError } from '../touchstone-error.ts'

/** The codes that arise in the page itself; it also passes on those of the site's server. */
export const PAGE_ERROR_CODES = {
  wallet_closed: {
    retryable: true,
    advice: 'The wallet’s window was closed without an answer. Offer the button again.',
  },
  declined: {
    retryable: true,
    advice: 'No answer will come. Whether the person would not or could not is never said. Offer the button again.',
  },
  site_unreachable: { retryable: true, advice: 'The site’s own server did not answer, or not as the SDK does.' },
  already_waiting: {
    retryable: false,
    advice: 'This button or hook waits for an answer already. Show its window again, or cancel first.',
  },
  page_failed: { retryable: false, advice: 'The page’s own script or an option it gave is wrong; `cause` has it.' },
} as const

export function pageError(code: keyof typeof PAGE_ERROR_CODES, options: { cause?: unknown } = {}): TouchstoneError {
  const { retryable, advice } = PAGE_ERROR_CODES[code]
  return new TouchstoneError(code, advice, { retryable, ...options })
}

/** Whatever was thrown, as an error with a code. */
export function toTouchstoneError(error: unknown): TouchstoneError {
  return error instanceof TouchstoneError ? error : pageError('page_failed', { cause: error })
}
