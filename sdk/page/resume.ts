import { pageError } from './error-codes.ts'
import { forgetLeaving, leftFor } from './leave-for-wallet.ts'
import { CODE_PATTERN, RETURN_FRAGMENT } from './wallet-window.ts'

/**
 * The code that the wallet sent back by way of this page's address, after the link transport; undefined if the page was
 * opened in any other way. It is taken out of the address, so that it is in no bookmark and no history.
 *
 * A page that asks several things names the `request` it would go on with: the answer to another one is left alone.
 * Throws {@link TouchstoneError} `declined`.
 */
export function resume({ request }: { request?: string } = {}): { code: string } | undefined {
  const answer = new URLSearchParams(location.hash.slice(1)).get(RETURN_FRAGMENT)
  if (answer === null) return undefined
  const asked = leftFor()
  if (request !== undefined && asked !== undefined && asked !== request) return undefined
  forgetLeaving()
  history.replaceState(history.state, '', location.pathname + location.search)
  if (answer === 'declined') throw pageError('declined')
  return CODE_PATTERN.test(answer) ? { code: answer } : undefined
}
