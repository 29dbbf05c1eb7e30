import { pageError } from './error-codes.ts'
import { ask, text } from './json.ts'

/** Where the site's server says which wallet it asks. */
const CONFIG_PATH = '/touchstone/config.json'

let known: string | undefined
let asked: Promise<string> | undefined

/**
 * The origin of the wallet that the site's server asks, fetched once. A window must open inside the click, so a page
 * that does not write the origin down itself calls this when it loads (the button and the React hook do).
 * Throws {@link TouchstoneError} `site_unreachable`.
 */
export function prepare(): Promise<string> {
  asked ??= fetchOrigin().catch((error: unknown) => {
    asked = undefined
    throw error
  })
  return asked
}

/** What {@link prepare} has found out already; what it has yet to, as a promise. */
export function siteWalletOrigin(): string | Promise<string> {
  return known ?? prepare()
}

async function fetchOrigin(): Promise<string> {
  const origin = text(await ask(CONFIG_PATH, { signal: new AbortController().signal }), 'walletOrigin')
  if (origin === undefined) throw pageError('site_unreachable')
  known = new URL(origin).origin
  return known
}
