import { describe, expect, it } from 'vitest'
import { type CapabilityScope, missingCapabilities } from '../../src/webauthn/capabilities.ts'

const credential = (capabilities?: () => Promise<unknown>) =>
  Object.assign(() => {}, capabilities ? { getClientCapabilities: capabilities } : {})

const ABLE: CapabilityScope = {
  isSecureContext: true,
  PublicKeyCredential: credential(async () => ({ 'extension:prf': true })),
  crypto: { subtle: {} },
  indexedDB: {},
  WebAssembly: {},
  Worker: () => {},
}

describe('missingCapabilities', () => {
  it('is empty where everything is there', async () => {
    expect(await missingCapabilities(ABLE)).toEqual([])
  })
  it.each([
    ['isSecureContext', { isSecureContext: false }, 'secure_context'],
    ['PublicKeyCredential', { PublicKeyCredential: undefined }, 'webauthn'],
    ['PRF', { PublicKeyCredential: credential(async () => ({ 'extension:prf': false })) }, 'prf'],
    ['crypto.subtle', { crypto: {} }, 'web_crypto'],
    ['IndexedDB', { indexedDB: undefined }, 'indexed_db'],
    ['WebAssembly', { WebAssembly: undefined }, 'web_assembly'],
    ['Worker', { Worker: undefined }, 'web_workers'],
  ])('names a missing %s', async (_, change, word) => {
    expect(await missingCapabilities({ ...ABLE, ...change })).toEqual([word])
  })
  it.each([
    ['cannot ask', credential()],
    ['does not say', credential(async () => ({}))],
    ['fails to say', credential(async () => Promise.reject(new Error('no')))],
  ])('gives a browser that %s the benefit of the doubt', async (_, PublicKeyCredential) => {
    expect(await missingCapabilities({ ...ABLE, PublicKeyCredential })).toEqual([])
  })
  it('finds a server without page and authenticators', async () => {
    expect(await missingCapabilities(globalThis)).toContain('webauthn')
  })
})
