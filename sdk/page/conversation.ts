import { TouchstoneError } from '../touchstone-error.ts'
import { pageError } from './error-codes.ts'
import { createPageSession, type PageSession } from './session.ts'
import type { OnState } from './state.ts'
import { postRequest, readWalletMessage } from './wallet-window.ts'
import { watchSession } from './watch-session.ts'

export type Conversation = {
  readonly wallet: Window
  readonly walletOrigin: string
  readonly request: string
  readonly signal: AbortSignal
  readonly onState: OnState
}

const CLOSED_POLL_MS = 250
/** A wallet that declines tells the server first and then the page, whose words are the better ones. */
const LAST_WORD_MS = 500

/**
 * Waits for the wallet's window to be ready, sends it the request, and waits for the code. Given up by the signal, it
 * takes the window with it.
 */
export function converse({ wallet, walletOrigin, request, signal, onState }: Conversation): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const finished = new AbortController()
    const stop = AbortSignal.any([signal, finished.signal])
    const settle = (outcome: () => void) => {
      outcome()
      finished.abort()
    }
    const fail = (error: unknown) => settle(() => reject(error))
    let isProving = false
    const proving = (progress: number) => {
      isProving = true
      onState({ state: 'proving', progress })
    }
    // The session begins when the wallet is there to answer, so that its time is not spent on loading; a window that is
    // loaded again is sent the same request.
    let session: Promise<PageSession> | undefined

    async function open(): Promise<PageSession> {
      const opened = await createPageSession({ request, transport: 'window' }, stop)
      watchSession(opened.session, { signal: stop, onState: hear })
      return opened
    }

    async function sendRequest() {
      session ??= open()
      postRequest((await session).jws, { wallet, walletOrigin })
      isProving = false
      onState({ state: 'awaiting_key' })
    }

    function receive(event: MessageEvent<unknown>) {
      const message = readWalletMessage(event, { wallet, walletOrigin })
      if (message?.type === 'touchstone:ready') sendRequest().catch(fail)
      if (message?.type === 'touchstone:progress' && session) proving(message.progress)
      if (message?.type === 'touchstone:code') settle(() => resolve(message.code))
      if (message?.type === 'touchstone:declined') fail(pageError('declined'))
    }

    /** What the site's server knows of it. Its `DONE` says nothing here: the code comes from the wallet alone. */
    function hear(state: string) {
      if (state === 'PROVING' && !isProving) proving(0)
      if (state === 'TIMEOUT') fail(over('session_expired', 'The session is over. Start a new one.'))
      if (state === 'CANCELLED') {
        const timer = setTimeout(() => fail(over('session_cancelled', 'The session was ended.')), LAST_WORD_MS)
        stop.addEventListener('abort', () => clearTimeout(timer), { once: true })
      }
    }

    window.addEventListener('message', receive, { signal: stop })
    signal.addEventListener('abort', () => {
      fail(signal.reason)
      wallet.close()
    })
    watchClosed(wallet, stop, () => fail(pageError('wallet_closed')))
  })
}

/** The same code, and the same to do, as where the server refuses for this reason. */
function over(code: 'session_expired' | 'session_cancelled', message: string): TouchstoneError {
  return new TouchstoneError(code, message, { retryable: true })
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
