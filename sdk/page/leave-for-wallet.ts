import { pageError } from './error-codes.ts'
import { createPageSession } from './session.ts'
import { PRESENT_PATH } from './wallet-window.ts'

/** In this tab's own storage: the name of the request that the page was left for. */
const LEFT_FOR = 'touchstone.left-for'

/**
 * Goes to the wallet in this very tab, with the request in the address; the answer comes back by the address, too. The
 * promise stays open until the page is gone. It fails if the person comes back by the browser's "back" and finds the
 * page as they left it.
 */
export async function leaveForWallet(request: string, signal: AbortSignal): Promise<never> {
  const { jws, walletOrigin } = await createPageSession({ request, transport: 'link' }, signal)
  remember(request)
  location.assign(`${walletOrigin}${PRESENT_PATH}#request=${jws}`)
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    window.addEventListener('pageshow', ({ persisted }) => persisted && reject(pageError('wallet_closed')), { signal })
  })
}

/** Which request's answer an address brings back, if this tab knows. */
export function leftFor(): string | undefined {
  return inStorage((storage) => storage.getItem(LEFT_FOR) ?? undefined)
}

export function forgetLeaving(): void {
  inStorage((storage) => storage.removeItem(LEFT_FOR))
}

function remember(request: string): void {
  inStorage((storage) => storage.setItem(LEFT_FOR, request))
}

/** A browser that keeps nothing for this site throws at the very name. The answer is then any button's of the page. */
function inStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage)
  } catch {
    return undefined
  }
}
