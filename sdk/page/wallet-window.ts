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

/** What a wallet's window says to the page that opened it. */
export type WalletMessage =
  | { readonly type: 'touchstone:ready' }
  | { readonly type: 'touchstone:declined' }
  | { readonly type: 'touchstone:code'; readonly code: string }
  /** The person has agreed and touched; how far the proof may be, from 0 to 1. */
  | { readonly type: 'touchstone:progress'; readonly progress: number }

/** Opens (or takes over) the wallet's window; null where the browser blocks it. Must be called inside a click. */
export function openWalletWindow(walletOrigin: string): Window | null {
  const url = `${walletOrigin}${PRESENT_PATH}#from=${encodeURIComponent(location.origin)}`
  return window.open(url, WALLET_WINDOW_NAME, 'popup,width=420,height=640')
}

/** An empty address leaves the wallet's window as it is and brings it to the front; a window that is gone stays gone. */
export function showWalletWindow(): void {
  const wallet = window.open('', WALLET_WINDOW_NAME)
  wallet?.focus()
  try {
    if (wallet?.location.href === 'about:blank') wallet.close()
  } catch {
    // The wallet's own page, which is none of ours to read.
  }
}

/** A message of the wallet, if the event is one: from exactly this window, of exactly this origin, and well formed. */
export function readWalletMessage(
  event: MessageEvent<unknown>,
  { wallet, walletOrigin }: { wallet: Window; walletOrigin: string },
): WalletMessage | undefined {
  if (event.origin !== walletOrigin || event.source !== wallet) return undefined
  const { data } = event
  if (typeof data !== 'object' || data === null || !('type' in data) || !('version' in data)) return undefined
  const { type } = data
  if (data.version !== 1) return undefined
  if (type === 'touchstone:ready' || type === 'touchstone:declined') return { type }
  if (type === 'touchstone:code' && 'code' in data && typeof data.code === 'string' && CODE_PATTERN.test(data.code)) {
    return { type, code: data.code }
  }
  if (type === 'touchstone:progress' && 'phase' in data && data.phase === 'proving' && 'progress' in data) {
    return isProgress(data.progress) ? { type, progress: data.progress } : undefined
  }
  return undefined
}

function isProgress(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** Sends the signed request; the browser delivers it only while the window shows exactly this origin. */
export function postRequest(jws: string, { wallet, walletOrigin }: { wallet: Window; walletOrigin: string }): void {
  const message: WindowMessage = { type: 'touchstone:request', version: 1, jws }
  wallet.postMessage(message, walletOrigin)
}
