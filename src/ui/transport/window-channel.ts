import { type Origin, parseOrigin } from '../../protocol/origin.ts'
import { parseWindowMessage, type WindowMessage } from '../../protocol/window-message.ts'

/** The part of a window that a channel needs. */
export type ChannelWindow = {
  readonly opener: { postMessage(message: unknown, targetOrigin: string): void } | null
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

export type WindowChannel = {
  /**
   * The key was touched: from now until the answer the opener is told how far the work may be, by the time alone. Once;
   * later calls do nothing.
   */
  proving(): void
  /** Tells the opener that the request was answered. Once; later calls of `answer` and `decline` do nothing. */
  answer(code: string): void
  decline(): void
  close(): void
}

/** Between two words on how far the work may be, in milliseconds. */
const PROGRESS_INTERVAL = 250

/** After so many milliseconds the work is taken to be half done; a proof of a warm wallet takes some two seconds. */
const HALF_DONE = 1_000

/**
 * The wallet's end of the talk with the page that opened it. Says `ready` to the opener, at exactly the origin that the
 * address announced; hears one request, from that window and that origin only. Everything else is ignored without an
 * answer, so that a stranger learns not even that it was heard. `origin` is that of the message's sender.
 * Throws `origin_invalid` if `from` is no origin. Undefined where no page opened this one.
 */
export function openWindowChannel(options: {
  page: ChannelWindow
  from: string
  onRequest: (request: { jws: string; origin: Origin }) => void
}): WindowChannel | undefined {
  const { page, onRequest } = options
  const origin = parseOrigin(options.from)
  const { opener } = page
  if (opener === null) return undefined
  let heard = false
  let answered = false
  let timer: ReturnType<typeof setInterval> | undefined

  const hear = (event: MessageEvent) => {
    if (heard || event.origin !== origin || event.source !== opener) return
    const message = readMessage(event.data)
    if (message?.type !== 'touchstone:request') return
    heard = true
    onRequest({ jws: message.jws, origin })
  }
  const say = (message: WindowMessage) => {
    if (answered) return
    answered = true
    clearInterval(timer)
    opener.postMessage(message, origin)
  }
  const tellProgress = (since: number) => {
    const progress = progressAfter(performance.now() - since)
    opener.postMessage(
      { type: 'touchstone:progress', version: 1, phase: 'proving', progress } satisfies WindowMessage,
      origin,
    )
  }

  page.addEventListener('message', hear)
  opener.postMessage({ type: 'touchstone:ready', version: 1 } satisfies WindowMessage, origin)
  return {
    proving() {
      if (answered || timer !== undefined) return
      const since = performance.now()
      tellProgress(since)
      timer = setInterval(tellProgress, PROGRESS_INTERVAL, since)
    },
    answer: (code) => say({ type: 'touchstone:code', version: 1, code }),
    decline: () => say({ type: 'touchstone:declined', version: 1 }),
    close() {
      clearInterval(timer)
      page.removeEventListener('message', hear)
    },
  }
}

/**
 * A guess, and no more: how far the work truly is depends on whether the holder can answer, which the site is to learn
 * from an answer and from nothing else.
 */
function progressAfter(milliseconds: number): number {
  return Math.round((1 - 2 ** (-milliseconds / HALF_DONE)) * 990) / 1000
}

function readMessage(data: unknown): WindowMessage | undefined {
  try {
    return parseWindowMessage(data)
  } catch {
    return undefined
  }
}
