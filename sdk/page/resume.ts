import { pageError } from './error-codes.ts'
import { CODE_PATTERN, RETURN_FRAGMENT } from './wallet-window.ts'

/**
 * The code that the wallet sent back by way of this page's address, after the link transport; undefined if the page was
 * opened in any other way. It is taken out of the address, so that it is in no bookmark and no history.
 * Throws {@link TouchstoneError} `declined`.
 */
export function resume(): { code: string } | undefined {
  const answer = new URLSearchParams(location.hash.slice(1)).get(RETURN_FRAGMENT)
  if (answer === null) return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  if (answer === 'declined') throw pageError('declined')
  return CODE_PATTERN.test(answer) ? { code: answer } : undefined
}
