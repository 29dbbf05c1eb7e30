import { pageError } from './error-codes.ts'
import { createPageSession } from './session.ts'
import { openWalletWindow, PRESENT_PATH, postRequest, readWalletMessage } from './wallet-window.ts'

/** `awaiting_wallet`: its window opens. `awaiting_key`: the person decides there. */
export type PresentState = 'idle' | 'awaiting_wallet' | 'awaiting_key' | 'done' | 'error'

export type PresentOptions = {
  /** The name of the request, as given to `createVerifier`. */
  readonly request: string
  readonly walletOrigin: string
  /** `link` leaves this page for the wallet and comes back (see `resume`); also what happens where a window is blocked. */
  readonly transport?: 'window' | 'link'
  readonly signal?: AbortSignal
  readonly onState?: (state: PresentState) => void
}

/**
 * Asks the person's wallet. Call it inside the click, before anything is awaited: browsers open windows only then.
 * Gives the code with which the site's server reads the result (`getResult`); the page itself learns nothing.
 *
 * Throws {@link TouchstoneError} `wallet_closed` (the window was closed without an answer), `declined` (no answer will
 * come; why is never said), `site_unreachable`, and the codes of the site's own server; or the signal's AbortError.
 * With the link transport the page goes away, and the promise stays open until it does.
 */
export async function present(options: PresentOptions): Promise<{ code: string }> {
  const { request, walletOrigin, transport = 'window', onState = () => undefined } = options
  const signal = options.signal ?? new AbortController().signal
  signal.throwIfAborted()
  // Before the first await, and so still inside the click.
  const wallet = transport === 'window' ? openWalletWindow(walletOrigin) : null
  onState('awaiting_wallet')
  try {
    if (!wallet) return await leaveForWallet(request, signal)
    const code = await converse({ wallet, walletOrigin, request, signal, onState })
    onState('done')
    return { code }
  } catch (error) {
    onState(signal.aborted ? 'idle' : 'error')
    throw error
  }
}

async function leaveForWallet(request: string, signal: AbortSignal): Promise<never> {
  const { jws, walletOrigin } = await createPageSession(request, signal)
  location.assign(`${walletOrigin}${PRESENT_PATH}#request=${jws}`)
  return new Promise((_, reject) => onAbort(signal, reject))
}

type Conversation = {
  readonly wallet: Window
  readonly walletOrigin: string
  readonly request: string
  readonly signal: AbortSignal
  readonly onState: (state: PresentState) => void
}

const CLOSED_POLL_MS = 250

/** Waits for `ready`, sends the request, waits for the answer. */
function converse({ wallet, walletOrigin, request, signal, onState }: Conversation): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const finished = new AbortController()
    const stop = AbortSignal.any([signal, finished.signal])
    const settle = (outcome: () => void) => {
      outcome()
      finished.abort()
    }
    const fail = (error: unknown) => settle(() => reject(error))
    // The session begins when the wallet is there to answer, so that its time is not spent on loading; a window that is
    // loaded again is sent the same request.
    let session: ReturnType<typeof createPageSession> | undefined

    async function sendRequest() {
      session ??= createPageSession(request, stop)
      postRequest((await session).jws, { wallet, walletOrigin })
      onState('awaiting_key')
    }

    function receive(event: MessageEvent<unknown>) {
      const message = readWalletMessage(event, { wallet, walletOrigin })
      if (message?.type === 'touchstone:ready') sendRequest().catch(fail)
      if (message?.type === 'touchstone:code') settle(() => resolve(message.code))
      if (message?.type === 'touchstone:declined') fail(pageError('declined'))
    }

    window.addEventListener('message', receive, { signal: stop })
    onAbort(signal, fail)
    watchClosed(wallet, stop, () => fail(pageError('wallet_closed')))
  })
}

/** The window says nothing when it closes, so it is looked at; once more after, for an answer that is still on its way. */
function watchClosed(wallet: Window, stop: AbortSignal, closed: () => void): void {
  let wasClosed = false
  const timer = setInterval(() => {
    if (wasClosed) closed()
    wasClosed = wallet.closed
  }, CLOSED_POLL_MS)
  stop.addEventListener('abort', () => clearInterval(timer), { once: true })
}

function onAbort(signal: AbortSignal, reject: (reason: unknown) => void): void {
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
}
