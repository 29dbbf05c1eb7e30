import { describe, expect, it } from 'vitest'
import { parseAuthenticatorData } from '../../src/webauthn/authenticator-data.ts'
import { authenticatorData, FLAGS } from './soft-authenticator.ts'

const { up, uv, be, bs, at } = FLAGS

describe('parseAuthenticatorData', () => {
  it('reads the flags one by one', () => {
    expect(parseAuthenticatorData(authenticatorData({ flags: up }))).toMatchObject({
      userPresent: true,
      userVerified: false,
      backupEligible: false,
      backedUp: false,
    })
    expect(parseAuthenticatorData(authenticatorData({ flags: uv | be | bs }))).toMatchObject({
      userPresent: false,
      userVerified: true,
      backupEligible: true,
      backedUp: true,
    })
  })
  it('reads the model of a registration', () => {
    const tail = Uint8Array.from({ length: 60 }, (_, i) => i)
    const { aaguid } = parseAuthenticatorData(authenticatorData({ flags: up | uv | at, tail }))
    expect(aaguid).toBe('00010203-0405-0607-0809-0a0b0c0d0e0f')
  })
  it('has no model in an assertion', () => {
    expect(parseAuthenticatorData(authenticatorData())).not.toHaveProperty('aaguid')
  })
  it.each([
    ['36 bytes', authenticatorData().slice(0, 36)],
    ['no bytes', new Uint8Array(0)],
    ['BS without BE', authenticatorData({ flags: up | uv | bs })],
    ['AT without data', authenticatorData({ flags: up | uv | at })],
    ['a cut AAGUID', authenticatorData({ flags: up | uv | at, tail: new Uint8Array(15) })],
    ['trailing bytes', authenticatorData({ tail: new Uint8Array(1) })],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseAuthenticatorData(bytes)).toThrow(expect.objectContaining({ code: 'response_malformed' }))
  })
})
