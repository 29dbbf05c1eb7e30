import type { WalletLink } from '../protocol/window-message.ts'
import { PRESENT_PATH, RECEIVE_PATH } from '../protocol/window-message.ts'
import type { OfferLink } from '../wallet/wallet.ts'

/** Where the person is. `arrival` differs each time an address with a fragment was opened, also the same one again. */
export type Route =
  | { readonly name: 'home' | 'activity' | 'keys' | 'settings' | 'about' | 'lost' | 'unknown' }
  | { readonly name: 'card'; readonly id: string }
  | { readonly name: 'receive'; readonly link: OfferLink | undefined; readonly arrival: number }
  | { readonly name: 'present'; readonly link: WalletLink | undefined; readonly arrival: number }

export type Router = {
  /** The same object until the address changes. */
  getRoute(): Route
  subscribe(listener: () => void): () => void
  /** Goes to a path of this wallet; `replace` leaves no step back. */
  go(path: string, options?: { replace?: boolean }): void
}

const PLAIN: Readonly<Record<string, 'home' | 'activity' | 'keys' | 'settings' | 'about' | 'lost'>> = {
  '/': 'home',
  '/activity': 'activity',
  '/keys': 'keys',
  '/settings': 'settings',
  '/about': 'about',
  '/lost': 'lost',
}

/**
 * A router over the history API. What a fragment brought is moved into the history entry at once: an offer or a request
 * then stands in no address bar, a reload keeps it, and opening the same address again is seen as a new arrival.
 */
export function createRouter(page: Window): Router {
  const listeners = new Set<() => void>()
  let arrivals = 0
  let route = read()

  function read(): Route {
    const { pathname, hash } = page.location
    if (hash.length > 1 && (pathname === PRESENT_PATH || pathname === RECEIVE_PATH)) {
      page.history.replaceState({ fragment: hash.slice(1) }, '', pathname)
    }
    return parseRoute(pathname, fragmentOf(page.history.state), ++arrivals)
  }

  function update(): void {
    route = read()
    for (const listener of listeners) listener()
  }

  page.addEventListener('popstate', update)
  page.addEventListener('hashchange', () => {
    if (page.location.hash.length > 1) update()
  })

  return {
    getRoute: () => route,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    go(path, { replace = false } = {}) {
      page.history[replace ? 'replaceState' : 'pushState'](null, '', path)
      update()
      page.scrollTo(0, 0)
    },
  }
}

/** The route of a path and the fragment it was opened with (without `#`). Never throws. */
export function parseRoute(pathname: string, fragment: string, arrival: number): Route {
  const plain = PLAIN[pathname]
  if (plain !== undefined) return { name: plain }
  const card = /^\/card\/([A-Za-z0-9_-]{1,128})$/.exec(pathname)?.[1]
  if (card !== undefined) return { name: 'card', id: card }
  const values = new URLSearchParams(fragment)
  if (pathname === RECEIVE_PATH) return { name: 'receive', link: offerLink(values), arrival }
  if (pathname === PRESENT_PATH) return { name: 'present', link: walletLink(values), arrival }
  return { name: 'unknown' }
}

function offerLink(values: URLSearchParams): OfferLink | undefined {
  const issuer = values.get('issuer')
  const offer = values.get('offer')
  return issuer === null || offer === null ? undefined : { issuer, offer }
}

function walletLink(values: URLSearchParams): WalletLink | undefined {
  const request = values.get('request')
  if (request !== null) return { request }
  const from = values.get('from')
  return from === null ? undefined : { from }
}

function fragmentOf(state: unknown): string {
  if (typeof state !== 'object' || state === null || !('fragment' in state)) return ''
  return typeof state.fragment === 'string' ? state.fragment : ''
}
