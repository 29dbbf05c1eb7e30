/** The part of Trusted Types that is used here (W3C Trusted Types §2); browsers without it take the plain address. */
type ScriptUrlPolicy = { createScriptURL(url: string): string }
type PolicyFactory = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy
}

/** Name of the only policy; the `trusted-types` directive of the page's CSP lists it and no other. */
export const POLICY_NAME = 'touchstone'

/**
 * Makes the one function by which an address may become a script: `allowed` are the addresses of our own worker and
 * service worker, known at build time. The function throws a TypeError for any other. To be called once a page.
 */
export function createScriptUrls(allowed: readonly string[], origin: string): (url: string) => string {
  const known = new Set(allowed.map((url) => new URL(url, origin).href))
  const check = (url: string) => {
    const { href } = new URL(url, origin)
    if (!known.has(href)) throw new TypeError('not a script of this wallet')
    return href
  }
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  if (factory === undefined) return check
  const policy = factory.createPolicy(POLICY_NAME, { createScriptURL: check })
  return (url) => policy.createScriptURL(url)
}
