/** What one page of a wallet tells its other pages. */
export type Notice = (typeof NOTICES)[number]

const NOTICES = ['lock', 'reset', 'settings'] as const

/** The other tabs and windows of the same wallet. */
export type OtherPages = {
  /** Tells all of them and not this one. */
  tell(notice: Notice): void
  onNotice(listener: (notice: Notice) => void): void
}

const CHANNEL_NAME = 'touchstone'

/**
 * The other pages of this origin, by a BroadcastChannel. Nobody else can speak on it, and a notice only ever takes
 * away: whoever could forge one could lock a wallet, not open it. Without BroadcastChannel there are no other pages.
 */
export function broadcastToPages(name: string = CHANNEL_NAME): OtherPages & { close(): void } {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)
  return {
    tell: (notice) => channel?.postMessage(notice),
    onNotice: (listener) =>
      channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const notice = NOTICES.find((known) => known === data)
        if (notice) listener(notice)
      }),
    close: () => channel?.close(),
  }
}
