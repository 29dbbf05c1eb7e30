import { type Origin, parseOrigin } from '../../protocol/origin.ts'
import { parseWindowMessage, type WindowMessage } from '../../protocol/window-message.ts'

/** The part of a window that a channel needs. */
export type ChannelWindow = {
  readonly opener: { postMessage(message: unknown, targetOrigin: string): void } | null
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

export type WindowChannel = {
  /** Tells the opener that the request was answered. Once; later calls of `answer` and `decline` do nothing. */
  answer(code: string): void
  decline(): void
  close(): void
}

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
    opener.postMessage(message, origin)
  }

  page.addEventListener('message', hear)
  opener.postMessage({ type: 'touchstone:ready', version: 1 } satisfies WindowMessage, origin)
  return {
    answer: (code) => say({ type: 'touchstone:code', version: 1, code }),
    decline: () => say({ type: 'touchstone:declined', version: 1 }),
    close: () => page.removeEventListener('message', hear),
  }
}

function readMessage(data: unknown): WindowMessage | undefined {
  try {
    return parseWindowMessage(data)
  } catch {
    return undefined
  }
}
