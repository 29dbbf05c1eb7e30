import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bundle } from '../../../scripts/sdk/build-button.ts'
import {
  PRESENT_PATH,
  RETURN_FRAGMENT,
  readWalletMessage,
  WALLET_WINDOW_NAME,
} from '../../../sdk/page/wallet-window.ts'
import * as protocol from '../../../src/protocol/window-message.ts'

const CODE = 'c'.repeat(43)
const PROGRESS = { type: 'touchstone:progress', version: 1, phase: 'proving', progress: 0.5 }

describe('the page’s script', () => {
  it('agrees with the protocol, whose parsers it does without', () => {
    expect({ PRESENT_PATH, RETURN_FRAGMENT, WALLET_WINDOW_NAME }).toEqual({
      PRESENT_PATH: protocol.PRESENT_PATH,
      RETURN_FRAGMENT: protocol.RETURN_FRAGMENT,
      WALLET_WINDOW_NAME: protocol.WALLET_WINDOW_NAME,
    })
    // Any object is a window here.
    const from = { wallet: {} as Window, walletOrigin: 'https://wallet.example' }
    for (const message of [
      { type: 'touchstone:ready', version: 1 },
      { type: 'touchstone:code', version: 1, code: CODE },
      { type: 'touchstone:declined', version: 1 },
      PROGRESS,
    ]) {
      expect(protocol.parseWindowMessage(message)).toEqual(message)
      const event = { data: message, origin: from.walletOrigin, source: from.wallet } as MessageEvent<unknown>
      expect(message).toMatchObject(readWalletMessage(event, from) ?? { type: 'none' })
    }
  })

  it('is small, the button with its words in two languages included', async () => {
    expect(gzipSync(await bundle('sdk/button.ts'), { level: 9 }).length).toBeLessThan(8_192)
  })
})
