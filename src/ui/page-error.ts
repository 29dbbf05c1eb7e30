/** What can go wrong in a page before the wallet is asked anything. */
export const PAGE_ERROR_CODES = [
  /** The page for presentations was opened without a request and by no site. */
  'opener_missing',
  /** The site that opened the window has sent no request. */
  'site_silent',
] as const

export type PageErrorCode = (typeof PAGE_ERROR_CODES)[number]

export class PageError extends Error {
  override readonly name = 'PageError'
  /** Stable snake_case code. */
  readonly code: PageErrorCode

  constructor(code: PageErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The wallet could not read its store; `code` is the store's own. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** Stable snake_case code. */
  readonly code: string

  constructor(code: string) {
    super('the store of the wallet cannot be read')
    this.code = code
  }
}
