import { expect, it } from 'vitest'
import { devicePublicKeyFromSpki } from '../../src/webauthn/device-key.ts'
import { PUBLIC_KEY } from './soft-authenticator.ts'

const HEAD = '3059301306072a8648ce3d020106082a8648ce3d03010703420004'

function spki(x: bigint, y: bigint): Uint8Array<ArrayBuffer> {
  const hex = (value: bigint) => value.toString(16).padStart(64, '0')
  return new Uint8Array(Buffer.from(HEAD + hex(x) + hex(y), 'hex'))
}

it('reads the coordinates', async () => {
  expect(await devicePublicKeyFromSpki(spki(PUBLIC_KEY.x, PUBLIC_KEY.y))).toEqual(PUBLIC_KEY)
})

it.each([
  ['a point off the curve', spki(PUBLIC_KEY.x, PUBLIC_KEY.y ^ 1n)],
  ['a cut key', spki(PUBLIC_KEY.x, PUBLIC_KEY.y).slice(0, 90)],
  ['no bytes', new Uint8Array(0)],
])('refuses %s', async (_, bytes) => {
  await expect(devicePublicKeyFromSpki(bytes)).rejects.toMatchObject({ code: 'response_malformed' })
})

it('refuses a key of another curve', async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify'])
  const bytes = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  await expect(devicePublicKeyFromSpki(bytes)).rejects.toMatchObject({ code: 'response_malformed' })
})
