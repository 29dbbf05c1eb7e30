/** What the routes read of a request, whichever kind the site's framework has. */
export type Asked = {
  readonly method: string
  /** Whole, with the origin. */
  readonly url: string
  /** Whatever the case of the name; null where there is none. */
  readonly headers: { get(name: string): string | null }
  /** Whether somebody has begun to read the body. */
  readonly bodyUsed: boolean
  /** Begins to read the body; undefined where there is none. */
  openBody(): BodyReader | undefined
}

export type BodyReader = {
  /** Rejects where the body breaks off. */
  read(): Promise<{ readonly done: false; readonly value: Uint8Array } | { readonly done: true; value?: unknown }>
  /** Lets go of what is left of it, without cancelling it. */
  releaseLock(): void
}

/** A web-standard request, as the routes read one. */
export function fromWebRequest(request: Request): Asked {
  const { method, url, headers, bodyUsed } = request
  return { method, url, headers, bodyUsed, openBody: () => request.body?.getReader() }
}
