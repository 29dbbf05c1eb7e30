import { pageError } from './error-codes.ts'
import { ask, text } from './json.ts'

/** How the request reaches the wallet: by a message to its window, or by the address of this very tab. */
export type Transport = 'window' | 'link'

/** What the page needs of a session. */
export type PageSession = { readonly session: string; readonly jws: string; readonly walletOrigin: string }

/** Below the site's origin. */
export const SESSIONS_PATH = '/touchstone/sessions'

/**
 * Opens a session at the page's own server. Throws {@link TouchstoneError} with the server's code, or
 * `site_unreachable`.
 */
export async function createPageSession(
  { request, transport }: { request: string; transport: Transport },
  signal: AbortSignal,
): Promise<PageSession> {
  // A window is what the server takes for granted.
  const body = transport === 'link' ? { request, transport } : { request }
  const answer = await ask(SESSIONS_PATH, { body, signal })
  const [session, jws, walletOrigin] = [text(answer, 'session'), text(answer, 'jws'), text(answer, 'walletOrigin')]
  if (!session || !jws || !walletOrigin) throw pageError('site_unreachable')
  return { session, jws, walletOrigin }
}
