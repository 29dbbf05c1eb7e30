import { hexToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/protocol/bytes.ts'
import { type AssertionCheck, isSignedBy, verifyAssertionLocally } from '../../src/webauthn/assertion.ts'
import vector from '../vectors/webauthn.json' with { type: 'json' }
import {
  authenticatorData,
  CHALLENGE,
  clientData,
  FLAGS,
  ORIGIN,
  PUBLIC_KEY,
  RP_ID,
  sign,
} from './soft-authenticator.ts'

const ACCEPTED: AssertionCheck = {
  assertion: sign(),
  publicKey: PUBLIC_KEY,
  expectedChallenge: CHALLENGE,
  expectedOrigin: ORIGIN,
  expectedRpId: RP_ID,
}

const check = (changes: Partial<AssertionCheck>) => verifyAssertionLocally({ ...ACCEPTED, ...changes })
const signed = (changes: Record<string, unknown>) => sign(authenticatorData(), clientData(changes))
const flagged = (flags: number) => sign(authenticatorData({ flags }))

describe('verifyAssertionLocally accepts', () => {
  it('an assertion as asked for', async () => {
    expect(await check({})).toBe('VALID')
  })
  it('members a later browser adds, and no crossOrigin', async () => {
    expect(await check({ assertion: signed({ other: 1, crossOrigin: undefined }) })).toBe('VALID')
  })
  it('a synchronised passkey', async () => {
    expect(await check({ assertion: flagged(FLAGS.up | FLAGS.uv | FLAGS.be | FLAGS.bs) })).toBe('VALID')
  })
  it('extension output, as hmac-secret adds it', async () => {
    const assertion = sign(authenticatorData({ flags: FLAGS.up | FLAGS.uv | FLAGS.ed, tail: new Uint8Array(79) }))
    expect(await check({ assertion })).toBe('VALID')
  })
})

describe('verifyAssertionLocally names what is wrong', () => {
  it.each([
    ['registration data', { type: 'webauthn.create' }, 'WRONG_TYPE'],
    ['another challenge', { challenge: 'AAAA' }, 'WRONG_CHALLENGE'],
    ['another origin', { origin: 'https://wallet.example.evil.example' }, 'WRONG_ORIGIN'],
    ['another port', { origin: `${ORIGIN}:8443` }, 'WRONG_ORIGIN'],
    ['a frame', { crossOrigin: true }, 'CROSS_ORIGIN'],
    ['a top origin', { topOrigin: 'https://other.example' }, 'CROSS_ORIGIN'],
    ['crossOrigin that is no boolean', { crossOrigin: 'false' }, 'MALFORMED'],
    ['a missing challenge', { challenge: undefined }, 'MALFORMED'],
    ['an origin that is a list', { origin: [ORIGIN] }, 'MALFORMED'],
  ])('%s', async (_, changes, status) => {
    expect(await check({ assertion: signed(changes) })).toBe(status)
  })

  it('client data that is no JSON object', async () => {
    for (const text of ['', '[]', 'null', '"x"', `${new TextDecoder().decode(clientData())}x`]) {
      expect(await check({ assertion: sign(authenticatorData(), utf8(text)) })).toBe('MALFORMED')
    }
  })
  it('client data that is no UTF-8', async () => {
    const bytes = clientData({ other: 'x' })
    bytes[bytes.length - 3] = 0xff
    expect(await check({ assertion: sign(authenticatorData(), bytes) })).toBe('MALFORMED')
  })
  it('another relying party', async () => {
    expect(await check({ assertion: sign(authenticatorData({ rpId: 'other.example' })) })).toBe('WRONG_RP_ID')
  })
  it('no touch', async () => {
    expect(await check({ assertion: flagged(FLAGS.uv) })).toBe('USER_NOT_PRESENT')
  })
  it('no PIN', async () => {
    expect(await check({ assertion: flagged(FLAGS.up) })).toBe('USER_NOT_VERIFIED')
  })
  it('backed up but not eligible', async () => {
    expect(await check({ assertion: flagged(FLAGS.up | FLAGS.uv | FLAGS.bs) })).toBe('MALFORMED')
  })
  it('extension flag without extensions, and extensions without the flag', async () => {
    expect(await check({ assertion: flagged(FLAGS.up | FLAGS.uv | FLAGS.ed) })).toBe('MALFORMED')
    expect(await check({ assertion: sign(authenticatorData({ tail: new Uint8Array(79) })) })).toBe('MALFORMED')
  })
  it('truncated authenticator data', async () => {
    expect(await check({ assertion: sign(authenticatorData().slice(0, 36)) })).toBe('MALFORMED')
  })
  it('a signature that is not strict DER', async () => {
    const { assertion } = ACCEPTED
    const signature = new Uint8Array([...assertion.signature, 0])
    expect(await check({ assertion: { ...assertion, signature } })).toBe('MALFORMED')
  })
  it('another key', async () => {
    const { x, y } = PUBLIC_KEY
    const negated = { x, y: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n - y }
    expect(await check({ publicKey: negated })).toBe('BAD_SIGNATURE')
  })
  it('the counter changed after signing', async () => {
    const { assertion } = ACCEPTED
    const changed = assertion.authenticatorData.slice()
    changed[36] = 8
    expect(await check({ assertion: { ...assertion, authenticatorData: changed } })).toBe('BAD_SIGNATURE')
  })
})

describe('verifyAssertionLocally finds every changed byte', () => {
  it.each(['authenticatorData', 'clientDataJSON', 'signature'] as const)('of %s', async (member) => {
    const { assertion } = ACCEPTED
    for (let i = 0; i < assertion[member].length; i++) {
      const changed = assertion[member].slice()
      changed[i] = (changed[i] ?? 0) ^ 0x01
      expect(await check({ assertion: { ...assertion, [member]: changed } }), `byte ${i}`).not.toBe('VALID')
    }
  })
})

it('throws for a key that is not on the curve', async () => {
  const publicKey = { x: PUBLIC_KEY.x, y: PUBLIC_KEY.y + 1n }
  await expect(check({ publicKey })).rejects.toMatchObject({ code: 'response_malformed' })
})

describe('the specification’s own assertion', () => {
  const assertion = {
    credentialId: 'AAAA',
    authenticatorData: new Uint8Array(hexToBytes(vector.authenticatorData)),
    clientDataJSON: new Uint8Array(hexToBytes(vector.clientDataJSON)),
    signature: new Uint8Array(hexToBytes(vector.signature)),
  }
  const publicKey = { x: BigInt(`0x${vector.x}`), y: BigInt(`0x${vector.y}`) }

  it('is signed by its key', async () => {
    expect(await isSignedBy(assertion, publicKey)).toBe(true)
  })
  it('fails here only because its user was not verified', async () => {
    const status = await verifyAssertionLocally({
      assertion,
      publicKey,
      expectedChallenge: hexToBytes(vector.challenge),
      expectedOrigin: vector.origin,
      expectedRpId: vector.rpId,
    })
    expect(status).toBe('USER_NOT_VERIFIED')
  })
})
