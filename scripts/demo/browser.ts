import { type Browser, chromium, type Page } from 'playwright-core'
import { VIRTUAL_AUTHENTICATORS, type VirtualAuthenticatorProfile } from '../../src/webauthn/virtual.ts'
import { CHROMIUM_FLAGS, ensureChromium } from '../chromium.ts'

/** Headless Chromium with a new profile. Each context of it is another person's browser: nothing is shared. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium((line) => process.stderr.write(`${line}\n`)),
    args: CHROMIUM_FLAGS,
  })
}

/** A virtual key that lives in one tab: another tab, also one it opens, does not see it. */
export type VirtualKey = {
  /** Whether a finger is on it: without, ceremonies wait. */
  setTouched(touched: boolean): Promise<void>
  remove(): Promise<void>
}

/** Puts a virtual authenticator into a tab. */
export async function insertKey(page: Page, profile: VirtualAuthenticatorProfile = 'securityKey'): Promise<VirtualKey> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: VIRTUAL_AUTHENTICATORS[profile],
  })
  return {
    setTouched: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    remove: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}

/**
 * The window a click opens. It is kept open where the wallet would close it, because the virtual key lives in it: a key
 * in the hand would still be there.
 */
export async function windowFrom(page: Page, click: () => Promise<void>): Promise<Page> {
  const [window] = await Promise.all([page.context().waitForEvent('page', { timeout: 15_000 }), click()])
  await window.addInitScript(keepWindow)
  await window.evaluate(keepWindow)
  return window
}

function keepWindow(): void {
  window.close = () => undefined
}
