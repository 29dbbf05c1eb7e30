import type { Notice, OtherPages } from '../../src/wallet/other-pages.ts'

/** Joins as many pages as it is called times, as a BroadcastChannel does. */
export function pagesOfOneWallet(): () => OtherPages {
  const pages = new Set<{ heed: (notice: Notice) => void }>()
  return () => {
    const page = { heed: (_: Notice) => {} }
    pages.add(page)
    return {
      tell: (notice) => {
        for (const other of pages) if (other !== page) other.heed(notice)
      },
      onNotice: (listener) => {
        page.heed = listener
      },
    }
  }
}
