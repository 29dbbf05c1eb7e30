import type { WindowMessage } from '../../src/protocol/window-message.ts'

// The page's script stays small: these repeat what src/protocol/window-message.ts says, whose parsers it does without.
// A test compares the two.

/** Name of the wallet's window, so that one already open is used again. */
export const WALLET_WINDOW_NAME = 'touchstone'

/** The wallet's page for presentations, below its origin. */
export const PRESENT_PATH = '/present'

/** Key of the fragment that brings the answer back to the page. */
export const RETURN_FRAGMENT = 'touchstone'

/** A code as a wallet hands it over: 32 bytes in base64url. */
export const CODE_PATTERN = /^[A-Za-z0-9_-]{43}$/

/** Opens (or takes over) the wallet's window; null where the browser blocks it. Must be called inside a click. */
export function openWalletWindow(walletOrigin: string): Window | null {
  const url = `${walletOrigin}${PRESENT_PATH}#from=${encodeURIComponent(location.origin)}`
  return window.open(url, WALLET_WINDOW_NAME, 'popup,width=420,height=640')
}

/** A message of the wallet, if the event is one: from exactly this window, of exactly this origin, and well formed. */
export function readWalletMessage(
  event: MessageEvent<unknown>,
  { wallet, walletOrigin }: { wallet: Window; walletOrigin: string },
): Exclude<WindowMessage, { type: 'touchstone:request' }> | undefined {
  if (event.origin !== walletOrigin || event.source !== wallet) return undefined
  const { data } = event
  if (typeof data !== 'object' || data === null || !('type' in data) || !('version' in data)) return undefined
  if (data.version !== 1) return undefined
  if (data.type === 'touchstone:ready' || data.type === 'touchstone:declined') return { type: data.type, version: 1 }
  if (data.type !== 'touchstone:code' || !('code' in data)) return undefined
  const { code } = data
  return typeof code === 'string' && CODE_PATTERN.test(code) ? { type: 'touchstone:code', version: 1, code } : undefined
}

/** Sends the signed request; the browser delivers it only while the window shows exactly this origin. */
export function postRequest(jws: string, { wallet, walletOrigin }: { wallet: Window; walletOrigin: string }): void {
  const message: WindowMessage = { type: 'touchstone:request', version: 1, jws }
  wallet.postMessage(message, walletOrigin)
}
