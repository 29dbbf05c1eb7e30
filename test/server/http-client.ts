import { request } from 'node:http'

/** An answer as it came, redirects not followed. */
export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: readonly string[]
  /** As they came, a content encoding not undone. */
  readonly bytes: Buffer
  readonly body: string
  readonly json: () => unknown
}

/**
 * One request to a server on this machine under its own name: Node does not resolve `*.localhost`, so the connection
 * goes to 127.0.0.1 and the name into the Host header, as a browser sends it.
 */
export async function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<HttpAnswer> {
  const { hostname, port, pathname, search, host } = new URL(url)
  if (!hostname.endsWith('localhost') && hostname !== '127.0.0.1') throw new Error(`${hostname} is not this machine`)
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: pathname + search, method, agent: false, headers: { host, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const text = bytes.toString('utf8')
          const { 'set-cookie': cookies = [], ...others } = response.headers
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value?.toString()])),
            cookies,
            bytes,
            body: text,
            json: () => JSON.parse(text),
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The headers and body of a form as a browser posts it. */
export function form(fields: Readonly<Record<string, string>>, origin: string) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
    body: new URLSearchParams(fields).toString(),
  }
}
