import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { bundle } from '../../scripts/sdk/build-button.ts'

export const CODE = 'c'.repeat(43)
export const JWS = 'e30.e30.c2ln'
export const SESSION = 's'.repeat(22)

/** The least that the button needs: nothing of a style, nothing inline. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

type Answer = { status: number; body: unknown }

/**
 * A site whose page has the SDK's script under a strict policy, a wallet that does what a test tells it, and a site of
 * somebody else. What the site's server answers is a test's to say; {@link SimulatedSite.reset} takes it back.
 */
export type SimulatedSite = {
  readonly site: string
  readonly wallet: string
  readonly elsewhere: string
  readonly script: string
  sessions: Answer
  result: Answer
  /** The page's `body`. */
  body: string
  /** `broken`: no stream is to be had. `cut`: each ends once it has begun. `held`: something on the way keeps it back. */
  stream: 'open' | 'broken' | 'cut' | 'held'
  /** What polls and streams say; undefined: nothing is known of the session. */
  state: string | undefined
  /** Every request that the site's server got, as method and path, and what was posted. */
  readonly asked: string[]
  readonly posted: Map<string, unknown>
  /** Tells the streams that are open. */
  tell(state: string): void
  reset(): void
  close(): void
}

export async function simulateSite(pageScript: string): Promise<SimulatedSite> {
  const script = await bundle('sdk/button.ts')
  const servers: Server[] = []
  const streams = new Set<ServerResponse>()
  const page = (title: string) => `<!doctype html><html lang="en"><title>${title}</title>`
  const wallet = await listen(servers, 'wallet', (_, outgoing) => send(outgoing, 'text/html', page('wallet')))
  const elsewhere = await listen(servers, 'evil', (_, outgoing) => send(outgoing, 'text/html', page('elsewhere')))

  const fresh = () => ({
    sessions: { status: 201, body: { session: SESSION, jws: JWS, walletOrigin: wallet, expires: 1 } },
    result: { status: 200, body: { request: 'signIn' } },
    body: '',
    stream: 'open' as SimulatedSite['stream'],
    state: 'INITIALIZED' as string | undefined,
  })
  const answers: Readonly<Record<string, (outgoing: ServerResponse) => void>> = {
    'GET /page.js': (outgoing) => send(outgoing, 'text/javascript', script),
    'GET /test.js': (outgoing) => send(outgoing, 'text/javascript', pageScript),
    'GET /touchstone/config.json': (outgoing) => sendJson(outgoing, 200, { version: 1, walletOrigin: wallet }),
    'POST /touchstone/sessions': (outgoing) => sendJson(outgoing, self.sessions.status, self.sessions.body),
    'POST /touchstone/result': (outgoing) => sendJson(outgoing, self.result.status, self.result.body),
    'POST /touchstone/sign-out': (outgoing) => sendJson(outgoing, 200, {}),
    [`GET /touchstone/sessions/${SESSION}`]: (outgoing) =>
      self.state === undefined
        ? sendJson(outgoing, 404, { error: 'session_unknown', message: 'unknown', retryable: false })
        : sendJson(outgoing, 200, { state: self.state }),
    [`GET /touchstone/sessions/${SESSION}/events`]: (outgoing) => {
      if (self.stream === 'broken') return sendJson(outgoing, 500, { error: 'internal_error', message: 'broken' })
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
      if (self.stream === 'held') return outgoing.flushHeaders()
      outgoing.write(`retry: 50\n\n${event(self.state ?? '')}`)
      if (self.stream === 'cut') return outgoing.end()
      streams.add(outgoing)
    },
  }

  const site = await listen(servers, 'wine', async (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://site')
    const what = `${incoming.method} ${pathname}`
    self.asked.push(what)
    if (incoming.method === 'POST') self.posted.set(pathname, JSON.parse((await readAll(incoming)) || 'null'))
    outgoing.setHeader('cross-origin-opener-policy', 'same-origin-allow-popups')
    outgoing.setHeader('content-security-policy', POLICY)
    const answer = Object.hasOwn(answers, what) ? answers[what] : undefined
    if (answer) return answer(outgoing)
    const head = `${page('site')}<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">`
    return send(
      outgoing,
      'text/html',
      `${head}<script type="module" src="/test.js"></script><body><main>${self.body}</main>`,
    )
  })

  const self: SimulatedSite = {
    site,
    wallet,
    elsewhere,
    script,
    ...fresh(),
    asked: [],
    posted: new Map(),
    tell(state) {
      self.state = state
      for (const stream of streams) stream.write(event(state))
    },
    reset() {
      Object.assign(self, fresh())
      self.asked.length = 0
      self.posted.clear()
      for (const stream of streams) stream.end()
      streams.clear()
    },
    close() {
      self.reset()
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
  return self
}

function event(state: string): string {
  return `id: 1\nevent: state\ndata: ${JSON.stringify({ state })}\n\n`
}

/** Presses something that opens the wallet's window. */
export async function press(context: BrowserContext, click: () => Promise<void>): Promise<Page> {
  const [popup] = await Promise.all([context.waitForEvent('page'), click()])
  await popup.waitForLoadState()
  return popup
}

/** Says something from a window to its opener, as the wallet does. */
export async function say(from: Page, message: unknown, target: string): Promise<void> {
  await from.evaluate(([what, to]) => window.opener.postMessage(what, to), [message, target] as const)
}

/** The wallet's window begins to listen and says so; what it is sent. */
export async function hearRequest(popup: Page, site: string): Promise<unknown> {
  const heard = popup.evaluate(
    (origin) =>
      new Promise((resolve) =>
        addEventListener('message', (event) =>
          resolve({ origin: event.origin, sent: event.origin === origin && event.data }),
        ),
      ),
    site,
  )
  await say(popup, { type: 'touchstone:ready', version: 1 }, site)
  return heard
}

function send(outgoing: ServerResponse, type: string, body: string): void {
  outgoing.setHeader('content-type', `${type}; charset=utf-8`)
  outgoing.end(body)
}

function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.statusCode = status
  send(outgoing, 'application/json', JSON.stringify(body))
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function listen(
  servers: Server[],
  name: string,
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  return `http://${name}.localhost:${(server.address() as AddressInfo).port}`
}
