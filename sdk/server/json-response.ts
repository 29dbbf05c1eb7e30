const TEXTS = new WeakMap<Response, string>()

/** As `Response.json`; its text can be had back without reading the body as a stream. */
export function jsonResponse(value: unknown, { status = 200, headers = {} }: JsonInit = {}): Response {
  const text = JSON.stringify(value)
  const response = new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
  TEXTS.set(response, text)
  return response
}

type JsonInit = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }

/** The body of what {@link jsonResponse} made; undefined for any other, and for one whose body somebody has read. */
export function jsonTextOf(response: Response): string | undefined {
  return response.bodyUsed ? undefined : TEXTS.get(response)
}
