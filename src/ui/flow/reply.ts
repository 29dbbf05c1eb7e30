import type { Presented, RequestView } from '../../wallet/wallet.ts'
import { DECLINED, returnAddress, returnUriOf } from '../transport/return-link.ts'
import type { WindowChannel } from '../transport/window-channel.ts'

/** How an answer goes back to the site, by whichever way its request came. */
export type Reply = {
  readonly transport: 'window' | 'link'
  /** The key was touched. Where a page waits, it is told, and from then on how far the work may be. */
  proving(): void
  /** Once the site's server has accepted. */
  answer(view: RequestView, presented: Presented): void
  /** Nothing will come; why is never said. `view` where the request was verified. */
  decline(view: RequestView | undefined): void
  /** Leaves this page to the site's: closes the window, or goes back by link. False where neither is possible. */
  leave(): boolean
}

/** The page that opened this window gets the answer; the window closes itself. */
export function windowReply(channel: WindowChannel, page: Window): Reply {
  return {
    transport: 'window',
    proving: () => channel.proving(),
    answer: (_view, { code }) => channel.answer(code),
    decline: () => channel.decline(),
    leave() {
      page.close()
      return true
    },
  }
}

/**
 * The browser goes to the site's return address with the answer in its fragment. Only a request whose signature was
 * verified says where that is.
 */
export function linkReply(jws: string, page: Window): Reply {
  let address: string | undefined
  return {
    transport: 'link',
    // The site's page is gone; its server hears of it from the wallet.
    proving: () => {},
    answer(view, { code, returnUri }) {
      address = returnAddress(returnUri, view.origin, code)
    },
    decline(view) {
      address = view && returnAddress(returnUriOf(jws), view.origin, DECLINED)
    },
    leave() {
      if (address === undefined) return false
      page.location.assign(address)
      return true
    },
  }
}
