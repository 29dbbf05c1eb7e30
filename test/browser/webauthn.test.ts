import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VirtualAuthenticatorProfile } from '../../src/webauthn/virtual.ts'
import { startBrowser, type Tab } from './webauthn-harness.ts'
import type {} from './webauthn-page.ts'

let browser: Awaited<ReturnType<typeof startBrowser>>
let tab: Tab

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.stop())
beforeEach(async () => {
  tab = await browser.openTab(await browser.newProfile())
  return () => tab.page.context().close()
})

/** The refusal of one registration; undefined if it was accepted. */
async function registrationCode(profile: VirtualAuthenticatorProfile): Promise<string | undefined> {
  await tab.plug(profile)
  return tab.page.evaluate(() => underTest.codeOf(underTest.register({ timeoutMs: 1500 })))
}

describe('registerAuthenticator', () => {
  it('makes an ES256 key that an independent check accepts', async () => {
    await tab.plug('securityKey')
    const challenge = new Uint8Array(32).fill(5)
    const made = await tab.page.evaluate(async () => {
      const registration = await underTest.register({ challenge: new Uint8Array(32).fill(5) })
      const { x, y } = registration.publicKey
      return { ...registration, publicKey: { x: x.toString(16), y: y.toString(16) } }
    })
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: made.response,
      expectedChallenge: isoBase64URL.fromBuffer(challenge),
      expectedOrigin: browser.origin,
      expectedRPID: 'localhost',
      requireUserVerification: true,
    })
    expect(verified).toBe(true)
    expect(registrationInfo?.credential.id).toBe(made.credentialId)
    const cose = Buffer.from(registrationInfo?.credential.publicKey ?? []).toString('hex')
    expect(cose).toContain(made.publicKey.x.padStart(64, '0'))
    expect(cose).toContain(made.publicKey.y.padStart(64, '0'))
    expect(made).toMatchObject({ transports: ['usb'], backupEligible: false, backedUp: false })
    expect(made.aaguid).toBe(registrationInfo?.aaguid)
  })

  it('lets no PRF member leave', async () => {
    await tab.plug('securityKey')
    const extensions = await tab.page.evaluate(async () => {
      const { response } = await underTest.register()
      return { json: JSON.stringify(response), names: Object.keys(response.clientExtensionResults) }
    })
    expect(extensions.names).not.toContain('prf')
    expect(extensions.json).not.toContain('prf')
  })

  it('tells a synchronised passkey from a security key', async () => {
    await tab.plug('platform')
    const made = await tab.page.evaluate(() => underTest.register())
    expect(made).toMatchObject({ transports: ['internal'], backupEligible: true, backedUp: true })
  })

  it('shows the model only where attestation is asked for', async () => {
    await tab.plug('securityKey')
    const formats = await tab.page.evaluate(async () => {
      const [plain, direct] = [await underTest.register(), await underTest.register({ attestation: 'direct' })]
      return [plain, direct].map(({ response }) => response.response.attestationObject)
    })
    const [plain, direct] = formats.map((text) => decodeAttestationObject(isoBase64URL.toBuffer(text)).get('fmt'))
    expect(plain).toBe('none')
    expect(direct).toBe('packed')
  })

  it('accepts a key that knows PRF only as hmac-secret', async () => {
    expect(await registrationCode('hmacSecretOnly')).toBeUndefined()
  })

  it.each([
    ['withoutPrf', 'prf_unsupported'],
    // Chromium does not tell a failed PIN, or none, from a dismissed dialogue: all are NotAllowedError.
    ['userNotVerified', 'user_cancelled'],
    ['withoutUserVerification', 'user_cancelled'],
    ['untouched', 'user_cancelled'],
  ] as const)('refuses %s as %s', async (profile, code) => {
    expect(await registrationCode(profile)).toBe(code)
  })

  it('refuses an authenticator that is enrolled', async () => {
    await tab.plug('securityKey')
    const code = await tab.page.evaluate(async () => {
      const { credentialId } = await underTest.register()
      return underTest.codeOf(underTest.register({ excludeCredentialIds: [credentialId] }))
    })
    expect(code).toBe('authenticator_invalid_state')
  })

  it('refuses the host name of another site', async () => {
    await tab.plug('securityKey')
    const code = await tab.page.evaluate(() => underTest.codeOf(underTest.register({ rpId: 'other.example' })))
    expect(code).toBe('webauthn_unavailable')
  })

  it('ends when cancelled before and while it waits for the touch', async () => {
    await tab.plug('untouched')
    const codes = await tab.page.evaluate(async () => {
      const controller = new AbortController()
      const waiting = underTest.codeOf(underTest.register({ signal: controller.signal }))
      setTimeout(() => controller.abort(), 200)
      const during = await waiting
      return [during, await underTest.codeOf(underTest.register({ signal: controller.signal }))]
    })
    expect(codes).toEqual(['user_cancelled', 'user_cancelled'])
  })
})

describe('authenticate', () => {
  it('gives PRF output and an assertion with one touch', async () => {
    await tab.plug('securityKey')
    let touches = 0
    tab.cdp.on('WebAuthn.credentialAsserted', () => touches++)
    const challenge = new Uint8Array(32).fill(6)
    const made = await tab.page.evaluate(async () => {
      const registration = await underTest.register()
      const { assertion, prfKey } = await underTest.touch([registration], new Uint8Array(32).fill(6))
      const status = await underTest.webauthn.verifyAssertionLocally({
        assertion,
        publicKey: registration.publicKey,
        expectedChallenge: new Uint8Array(32).fill(6),
        expectedOrigin: location.origin,
        expectedRpId: location.hostname,
      })
      const text = (bytes: Uint8Array) => underTest.toBase64url(bytes)
      const { authenticatorData, clientDataJSON, signature, credentialId } = assertion
      const response = {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
      }
      const algorithm = prfKey.algorithm.name
      return {
        registration: registration.response,
        status,
        credentialId,
        response,
        algorithm,
        open: prfKey.extractable,
      }
    })
    expect(touches).toBe(1)
    expect(made).toMatchObject({ status: 'VALID', algorithm: 'HKDF', open: false })

    const expected = { expectedOrigin: browser.origin, expectedRPID: 'localhost', requireUserVerification: true }
    const registered = await verifyRegistrationResponse({
      ...expected,
      response: made.registration,
      expectedChallenge: () => true,
    })
    if (!registered.registrationInfo) throw new Error('the registration does not verify')
    const { verified } = await verifyAuthenticationResponse({
      ...expected,
      response: {
        id: made.credentialId,
        rawId: made.credentialId,
        type: 'public-key',
        response: made.response,
        clientExtensionResults: {},
      },
      expectedChallenge: isoBase64URL.fromBuffer(challenge),
      credential: registered.registrationInfo.credential,
    })
    expect(verified).toBe(true)
  })

  it('signs without PRF when the vault is open', async () => {
    await tab.plug('hmacSecretOnly')
    const { names, lengths } = await tab.page.evaluate(async () => {
      const registration = await underTest.register()
      const options = { rpId: location.hostname, challenge: new Uint8Array(32), credentials: [registration] }
      const without = await underTest.webauthn.authenticate({ ...options, withPrf: false })
      const together = await underTest.webauthn.authenticate({ ...options, withPrf: true })
      const lengths = [without, together].map(({ assertion }) => assertion.authenticatorData.length)
      return { names: Object.keys(without), lengths }
    })
    expect(names).toEqual(['assertion'])
    // The second has the encrypted hmac-secret output in its extensions.
    expect(lengths).toEqual([37, 37 + 79])
  })

  it('repeats its PRF for one enrolment, and for no other salts or key', async () => {
    await tab.plug('securityKey')
    const outputs = await tab.page.evaluate(async () => {
      const [one, two] = [await underTest.register(), await underTest.register()]
      const reversed = { ...one, prfSalts: { first: one.prfSalts.second, second: one.prfSalts.first } }
      const outputs: string[] = []
      for (const credential of [one, one, reversed, two]) {
        const { prfKey } = await underTest.touch([credential])
        const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: new Uint8Array(0) }
        outputs.push(underTest.toBase64url(new Uint8Array(await crypto.subtle.deriveBits(parameters, prfKey, 256))))
      }
      return outputs
    })
    expect(outputs[1]).toBe(outputs[0])
    expect(new Set(outputs).size).toBe(3)
  })

  it('takes whichever authenticator answers, each with its own salts', async () => {
    const first = await tab.plug('securityKey')
    await tab.page.evaluate(async () => {
      Object.assign(globalThis, { enrolled: [await underTest.register()] })
    })
    await tab.unplug(first)
    await tab.plug('securityKey')
    const same = await tab.page.evaluate(async () => {
      const { enrolled } = globalThis as unknown as { enrolled: Awaited<ReturnType<typeof underTest.register>>[] }
      const second = await underTest.register()
      const { assertion } = await underTest.touch([...enrolled, second])
      return assertion.credentialId === second.credentialId
    })
    expect(same).toBe(true)
  })

  it('leaves zeros where the browser kept the PRF output', async () => {
    await tab.plug('securityKey')
    const kept = await tab.page.evaluate(async () => {
      const registration = await underTest.register()
      const credentials: PublicKeyCredential[] = []
      const before: number[] = []
      const genuine = navigator.credentials.get.bind(navigator.credentials)
      navigator.credentials.get = async (options) => {
        const credential = (await genuine(options)) as PublicKeyCredential
        credentials.push(credential)
        const first = credential.getClientExtensionResults().prf?.results?.first as ArrayBuffer
        before.push(...new Uint8Array(first))
        return credential
      }
      await underTest.touch([registration])
      const results = credentials[0]?.getClientExtensionResults().prf?.results
      const after = [results?.first, results?.second].map((bytes) => [...new Uint8Array(bytes as ArrayBuffer)])
      return { before, after, json: JSON.stringify(credentials[0]?.toJSON()) }
    })
    expect(kept.before.some((byte) => byte !== 0)).toBe(true)
    expect(kept.after).toEqual([new Array(32).fill(0), new Array(32).fill(0)])
    expect(kept.json).not.toContain(Buffer.from(kept.before).toString('base64url'))
  })

  it('names a key without PRF even if its registration did not say', async () => {
    await tab.plug('withoutPrf')
    const code = await tab.page.evaluate(async () => {
      const genuine = navigator.credentials.create.bind(navigator.credentials)
      navigator.credentials.create = async (options) => {
        const credential = (await genuine(options)) as PublicKeyCredential
        credential.getClientExtensionResults = () => ({})
        return credential
      }
      const registration = await underTest.register()
      return underTest.codeOf(underTest.touch([registration]))
    })
    expect(code).toBe('prf_unsupported')
  })

  it('refuses an assertion without user verification', async () => {
    await tab.plug('securityKey')
    const codes = await tab.page.evaluate(async () => {
      const registration = await underTest.register()
      const genuine = navigator.credentials.get.bind(navigator.credentials)
      const attempt = async (flags: number) => {
        navigator.credentials.get = async (options) => {
          const credential = (await genuine(options)) as PublicKeyCredential
          const response = credential.response as AuthenticatorAssertionResponse
          new Uint8Array(response.authenticatorData)[32] = flags
          return credential
        }
        return underTest.codeOf(underTest.touch([registration]))
      }
      return [await attempt(0x05), await attempt(0x01), await attempt(0x04)]
    })
    expect(codes).toEqual([undefined, 'uv_missing', 'response_malformed'])
  })

  it('ends when cancelled, timed out, or nobody is enrolled', async () => {
    const key = await tab.plug('securityKey')
    const codes = await tab.page.evaluate(async () => {
      const registration = await underTest.register()
      Object.assign(globalThis, { registration })
      return underTest.codeOf(underTest.touch([]))
    })
    expect(codes).toBe('ceremony_failed')
    await tab.cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: key, enabled: false })
    const cancelled = await tab.page.evaluate(async () => {
      const { registration } = globalThis as unknown as { registration: Awaited<ReturnType<typeof underTest.register>> }
      const options = {
        rpId: location.hostname,
        challenge: new Uint8Array(32),
        credentials: [registration],
        withPrf: true,
      } as const
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 200)
      return [
        await underTest.codeOf(underTest.webauthn.authenticate({ ...options, signal: controller.signal })),
        await underTest.codeOf(underTest.webauthn.authenticate({ ...options, timeoutMs: 500 })),
      ]
    })
    expect(cancelled).toEqual(['user_cancelled', 'user_cancelled'])
  })
})

it('finds nothing missing in this browser', async () => {
  expect(await tab.page.evaluate(() => underTest.webauthn.missingCapabilities())).toEqual([])
})
