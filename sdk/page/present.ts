import { converse } from './conversation.ts'
import { leaveForWallet } from './leave-for-wallet.ts'
import type { Transport } from './session.ts'
import { type OnState, tellingEnd } from './state.ts'
import { siteWalletOrigin } from './wallet-origin.ts'
import { openWalletWindow } from './wallet-window.ts'

export type PresentOptions = {
  /** The name of the request, as given to `createVerifier`. */
  readonly request: string
  /** Left out, the site's server is asked for it: call `prepare()` when the page loads, so that it is known in the click. */
  readonly walletOrigin?: string | undefined
  /** `link` leaves this page for the wallet and comes back (see `resume`); also what happens where a window is blocked. */
  readonly transport?: Transport | undefined
  /** Gives up, and closes the wallet's window. */
  readonly signal?: AbortSignal | undefined
  readonly onState?: OnState | undefined
}

/**
 * Asks the person's wallet. Call it inside the click, before anything is awaited: browsers open windows only then.
 * Gives the code with which the site's server reads the result (`getResult`); the page itself learns nothing.
 *
 * Throws {@link TouchstoneError} `wallet_closed` (the window was closed without an answer), `declined` (no answer will
 * come; why is never said), `session_expired`, `session_cancelled`, `site_unreachable`, `page_failed`, and the codes of
 * the site's own server; or the signal's reason. With the link transport the page goes away, and the promise stays open
 * until it does.
 */
export async function present(options: PresentOptions): Promise<{ code: string }> {
  const { signal = new AbortController().signal, onState = () => undefined } = options
  return tellingEnd({ signal, onState }, () => askWallet(options, { signal, onState }))
}

/** {@link present} without its end being told. */
export async function askWallet(
  { request, walletOrigin: given, transport = 'window' }: PresentOptions,
  { signal, onState }: { signal: AbortSignal; onState: OnState },
): Promise<{ code: string }> {
  signal.throwIfAborted()
  onState({ state: 'awaiting_wallet' })
  if (transport === 'link') return leaveForWallet(request, signal)
  const known = given === undefined ? siteWalletOrigin() : new URL(given).origin
  // Awaited only where it must be: without, the window opens inside the click.
  const walletOrigin = typeof known === 'string' ? known : await known
  signal.throwIfAborted()
  const wallet = openWalletWindow(walletOrigin)
  if (!wallet) return leaveForWallet(request, signal)
  return { code: await converse({ wallet, walletOrigin, request, signal, onState }) }
}
