import { dirname } from 'node:path'
import { p256 } from '@noble/curves/nist.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OFFER_LIFE } from '../../server/issuer/page-routes.ts'
import { credentialFields, credentialHash, parseCredential } from '../../src/protocol/credential.ts'
import { dayOf, formatDay, toDay } from '../../src/protocol/day.ts'
import { deviceKeyHash, deviceKeysCommitment } from '../../src/protocol/device.ts'
import { type FieldElement, randomField, toField } from '../../src/protocol/field.ts'
import {
  type Acceptance,
  deviceChallenge,
  issuanceContext,
  type Offer,
  parseOffer,
  serializeAcceptance,
} from '../../src/protocol/issuance.ts'
import { ISSUER_METADATA_PATH, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import { verifyIssuerSignature } from '../../src/protocol/issuer-signature.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { createNodeProver } from '../../src/prover/node.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import { issueStatement } from '../../src/wallet/circuit-inputs.ts'
import { form, send } from './http-client.ts'
import { type IssuerHost, startIssuer } from './issuer-host.ts'
import { type AssertionChoices, assertionBy, makeSoftwareKey } from './signed-assertion.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const PERSON = {
  givenName: 'Robin',
  familyName: 'Ashdown',
  birthDate: '2008-02-29',
  nationality: 'NL',
  residence: 'BE',
  documentNumber: 'TS1234567',
  birthPlace: '',
  validUntil: '2028-11-19',
}

let host: IssuerHost
let prover: WorkerProver

beforeAll(async () => {
  host = await startIssuer()
  prover = createNodeProver({ location: { base: dirname(host.keys.directory), keySetHash: host.keys.hash } })
})
beforeEach(() => {
  host.now = NOON
})
afterAll(async () => {
  prover.close()
  await host.close()
  expect(host.failures).toEqual([])
})

/** Each offer is about another person unless a test says otherwise. */
let people = 3_000_000

/** Fills in the form as a person does and gives the offer's id. */
async function makeOffer(changes: Partial<typeof PERSON> = {}): Promise<string> {
  const person = { ...PERSON, documentNumber: `TS${people++}`, ...changes }
  const answer = await send(`${host.origin}/offers`, form(person, host.origin))
  expect(answer.status).toBe(303)
  return (answer.headers.location ?? '').replace('/offered/', '')
}

async function fetchOffer(id: string): Promise<Offer> {
  const answer = await send(`${host.origin}/offers/${id}`, { headers: { origin: host.walletOrigin } })
  expect(answer.status).toBe(200)
  return parseOffer(answer.json())
}

type Holder = { secret: FieldElement; key: ReturnType<typeof makeSoftwareKey> }

function makeHolder(): Holder {
  return { secret: randomField(), key: makeSoftwareKey() }
}

/** What an honest wallet answers. */
async function makeAcceptance(
  offer: Offer,
  holder: Holder,
  choices: Partial<AssertionChoices> = {},
): Promise<Acceptance> {
  const context = issuanceContext(offer)
  const statement = issueStatement({
    holderSecret: holder.secret,
    holderBlinding: randomField(),
    context,
    issuer: offer.issuer,
  })
  const { holderCommitment, issuerTag } = statement.signals
  const { proof } = await prover.prove('issue-v1', statement.inputs)
  const challenge = deviceChallenge(context, { holderCommitment, issuerTag })
  const assertion = assertionBy(holder.key, { challenge, origin: host.walletOrigin, ...choices })
  return { version: 1, proof, holderCommitment, issuerTag, deviceKeysSalt: randomField(), devices: [assertion] }
}

function accept(id: string, body: unknown, headers: Record<string, string> = {}) {
  return send(`${host.origin}/offers/${id}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: host.walletOrigin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function refusal(id: string, acceptance: Acceptance): Promise<unknown> {
  const answer = await accept(id, serializeAcceptance(acceptance))
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  const body = answer.json()
  expect(body).toMatchObject({ retryable: false, message: expect.any(String) })
  return (body as { error: unknown }).error
}

/** Every refusal leaves the offer open: the honest answer still gets its credential. */
async function expectStillOpen(id: string): Promise<void> {
  await fetchOffer(id)
}

describe('metadata', () => {
  it('names keys, schemas and key sets, for everyone to read', async () => {
    const answer = await send(`${host.origin}${ISSUER_METADATA_PATH}`)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    const metadata = parseIssuerMetadata(answer.json(), host.origin)
    expect(metadata.demo).toBe(true)
    expect(metadata.keySets).toEqual([host.keys.hash])
    expect(metadata.schemas.map((schema) => schema.name)).toEqual(['Person'])
    expect(metadata.keys[0]).toMatchObject({ notBefore: dayOf(NOON), notAfter: dayOf(NOON) + 730 })
  })
})

describe('issuance', () => {
  it('gives a credential that a wallet can check', async () => {
    const offer = await fetchOffer(await makeOffer({ documentNumber: PERSON.documentNumber }))
    expect(offer).toMatchObject({ issuer: host.origin, keySet: host.keys.hash, validFrom: dayOf(NOON) })
    expect(offer.expires).toBe(NOON.getTime() / 1000 + OFFER_LIFE)
    expect(offer.claims).toEqual({
      givenName: 'Robin',
      familyName: 'Ashdown',
      birthDate: '2008-02-29',
      nationality: 'NL',
      residence: 'BE',
      documentNumber: 'TS1234567',
    })
    const holder = makeHolder()
    const acceptance = await makeAcceptance(offer, holder)
    const answer = await accept(offer.id, serializeAcceptance(acceptance))
    expect(answer.status).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBe(host.walletOrigin)

    const credential = parseCredential((answer.json() as { credential: unknown }).credential)
    const [schema] = host.issuer.metadata.schemas
    const [key] = host.issuer.metadata.keys
    if (!schema || !key) throw new Error('the metadata names a schema and a key')
    expect(credential).toMatchObject({
      issuer: host.origin,
      keyId: key.keyId,
      schema: schemaHash(schema),
      claims: offer.claims,
      holderCommitment: acceptance.holderCommitment,
      deviceKeysCommitment: deviceKeysCommitment([deviceKeyHash(holder.key.publicKey)], acceptance.deviceKeysSalt),
      validFrom: offer.validFrom,
      validUntil: offer.validUntil,
      issuedAt: dayOf(NOON),
    })
    const message = credentialHash(credentialFields(schema, credential))
    expect(verifyIssuerSignature(key.point, message, credential.signature)).toBe(true)
    const changed = credentialHash(
      credentialFields(schema, { ...credential, validUntil: toDay(credential.validUntil + 1) }),
    )
    expect(verifyIssuerSignature(key.point, changed, credential.signature)).toBe(false)
  })

  it('issues again to the same wallet, under another status identifier, and to no other', async () => {
    const holder = makeHolder()
    const identifiers = []
    for (const _ of [1, 2]) {
      const offer = await fetchOffer(await makeOffer({ documentNumber: 'TS2222222' }))
      const answer = await accept(offer.id, serializeAcceptance(await makeAcceptance(offer, holder)))
      identifiers.push((answer.json() as { credential: { revocationId: number } }).credential.revocationId)
    }
    expect(new Set(identifiers).size).toBe(2)

    const offer = await fetchOffer(await makeOffer({ documentNumber: 'TS2222222' }))
    expect(await refusal(offer.id, await makeAcceptance(offer, makeHolder()))).toBe('issuer_tag_mismatch')
    await expectStillOpen(offer.id)
    const other = await fetchOffer(await makeOffer())
    expect((await accept(other.id, serializeAcceptance(await makeAcceptance(other, makeHolder())))).status).toBe(200)
  })

  it('gives one credential for an offer, also to two answers at once', async () => {
    const offer = await fetchOffer(await makeOffer())
    const body = serializeAcceptance(await makeAcceptance(offer, makeHolder()))
    const answers = await Promise.all([accept(offer.id, body), accept(offer.id, body), accept(offer.id, body)])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410, 410])
    const refused = answers.filter((answer) => answer.status !== 200).map((answer) => answer.json())
    expect(refused).toEqual([
      expect.objectContaining({ error: 'offer_used' }),
      expect.objectContaining({ error: 'offer_used' }),
    ])
    expect((await send(`${host.origin}/offers/${offer.id}`)).json()).toMatchObject({ error: 'offer_used' })
  })
})

describe('refusals', () => {
  it('offer_unknown, offer_expired: to the second', async () => {
    const offer = await fetchOffer(await makeOffer())
    const acceptance = await makeAcceptance(offer, makeHolder())
    expect(await refusal('an-offer-that-was-never-made', acceptance)).toBe('offer_unknown')
    host.now = new Date(offer.expires * 1000)
    expect(await refusal(offer.id, acceptance)).toBe('offer_expired')
    host.now = new Date(offer.expires * 1000 - 1)
    expect((await accept(offer.id, serializeAcceptance(acceptance))).status).toBe(200)
  })

  it('acceptance_invalid: a field too many, none, text, a list, not JSON', async () => {
    const id = await makeOffer()
    const good = serializeAcceptance(await makeAcceptance(await fetchOffer(id), makeHolder()))
    const [device] = good.devices
    const bodies = [
      { ...good, extra: 1 },
      { ...good, proof: good.proof.slice(1) },
      { ...good, devices: [] },
      { ...good, devices: Array.from({ length: 5 }, () => device) },
      { ...good, holderCommitment: '_'.repeat(43) },
      '"text"',
      '[]',
      '{',
      '',
      '['.repeat(8000),
    ]
    for (const body of bodies) {
      const answer = await accept(id, body)
      expect(answer.status).toBe(400)
      expect(answer.json()).toMatchObject({ error: 'acceptance_invalid' })
    }
    await expectStillOpen(id)
  })

  it('body_too_large, content_type', async () => {
    const id = await makeOffer()
    expect((await accept(id, `"${'x'.repeat(16_384)}"`)).json()).toMatchObject({ error: 'body_too_large' })
    expect((await accept(id, '{}', { 'content-type': 'text/plain' })).json()).toMatchObject({ error: 'content_type' })
  })

  it('proof_invalid: another offer, another commitment, another tag, another byte', async () => {
    const offer = await fetchOffer(await makeOffer())
    const holder = makeHolder()
    const elsewhere = await makeAcceptance(await fetchOffer(await makeOffer()), holder)
    expect(await refusal(offer.id, elsewhere)).toBe('proof_invalid')
    const good = await makeAcceptance(offer, holder)
    expect(await refusal(offer.id, { ...good, holderCommitment: randomField() })).toBe('proof_invalid')
    expect(await refusal(offer.id, { ...good, issuerTag: randomField() })).toBe('proof_invalid')
    const proof = Uint8Array.from(good.proof)
    proof[127] = (proof[127] ?? 0) ^ 1
    expect(await refusal(offer.id, { ...good, proof })).toBe('proof_invalid')
    await expectStillOpen(offer.id)
    expect((await accept(offer.id, serializeAcceptance(good))).status).toBe(200)
  })

  it('device_assertion_invalid: whatever a security key did not sign here and now', async () => {
    const offer = await fetchOffer(await makeOffer())
    const holder = makeHolder()
    const good = await makeAcceptance(offer, holder)
    const [device] = good.devices
    if (!device) throw new Error('one device signed')
    const context = issuanceContext(offer)
    const challenge = deviceChallenge(context, good)
    const choices: Partial<AssertionChoices>[] = [
      { challenge: deviceChallenge(context, { ...good, holderCommitment: toField(1) }) },
      { origin: 'http://wallet.localhost:4499' },
      { rpId: 'localhost' },
      { flags: 0x01 },
      { flags: 0x04 },
      { type: 'webauthn.create' },
      { crossOrigin: true },
    ]
    for (const choice of choices) {
      const assertion = assertionBy(holder.key, { challenge, origin: host.walletOrigin, ...choice })
      expect(await refusal(offer.id, { ...good, devices: [assertion] })).toBe('device_assertion_invalid')
    }
    const foreign = { ...device, publicKey: makeSoftwareKey().publicKey }
    expect(await refusal(offer.id, { ...good, devices: [foreign] })).toBe('device_assertion_invalid')
    // One of two is not enough.
    expect(await refusal(offer.id, { ...good, devices: [device, foreign] })).toBe('device_assertion_invalid')

    const second = assertionBy(makeSoftwareKey(), { challenge, origin: host.walletOrigin, counter: 0 })
    expect((await accept(offer.id, serializeAcceptance({ ...good, devices: [device, second] }))).status).toBe(200)
  })

  it('device_key_invalid, device_key_repeated', async () => {
    const offer = await fetchOffer(await makeOffer())
    const good = await makeAcceptance(offer, makeHolder())
    const [device] = good.devices
    if (!device) throw new Error('one device signed')
    const { x, y } = device.publicKey
    const prime = p256.Point.Fp.ORDER
    for (const publicKey of [
      { x, y: y ^ 1n },
      { x: 0n, y: 0n },
      { x: x + prime < 2n ** 256n ? x + prime : prime, y },
    ]) {
      expect(await refusal(offer.id, { ...good, devices: [{ ...device, publicKey }] })).toBe('device_key_invalid')
    }
    expect(await refusal(offer.id, { ...good, devices: [device, device] })).toBe('device_key_repeated')
    await expectStillOpen(offer.id)
  })

  it('rate_limited: an address that asks without end', async () => {
    const other = await startIssuer()
    const url = `${other.origin}/offers/an-offer-that-was-never-made/accept`
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    const statuses = []
    for (let count = 0; count < 60; count++) statuses.push((await send(url, options)).status)
    const refused = await send(url, options)
    await other.close()
    expect(new Set(statuses)).toEqual(new Set([404]))
    expect(refused.status).toBe(429)
    expect(refused.json()).toMatchObject({ error: 'rate_limited', retryable: true })
  })
})

describe('CORS', () => {
  it('lets the wallet read offers and post answers, and nobody else', async () => {
    const id = await makeOffer()
    const preflight = (origin: string) =>
      send(`${host.origin}/offers/${id}/accept`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      })
    const allowed = await preflight(host.walletOrigin)
    expect(allowed.status).toBe(204)
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': host.walletOrigin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
      vary: 'Origin',
    })
    for (const origin of ['http://forum.localhost:4402', 'http://wallet.localhost:44000', 'null']) {
      expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined()
      const read = await send(`${host.origin}/offers/${id}`, { headers: { origin } })
      expect(read.headers['access-control-allow-origin']).toBeUndefined()
    }
  })
})

describe('pages', () => {
  it('send the headers, errors too', async () => {
    const id = await makeOffer()
    for (const path of ['/', `/offered/${id}`, '/nothing-here', '/assets/style.css', `/offers/${id}`]) {
      const { headers } = await send(`${host.origin}${path}`, { headers: { accept: 'text/html' } })
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin-allow-popups',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['permissions-policy']).toContain('publickey-credentials-get=()')
    }
  })

  it('shows a form that is accepted as it comes, for another person each time', async () => {
    const numbers = new Set<string>()
    for (const _ of [1, 2]) {
      const page = (await send(`${host.origin}/`)).body
      expect(page).toContain('it checks nothing')
      const fields = Object.fromEntries(
        [...page.matchAll(/<input id="(\w+)" name="\w+" type="\w+" value="([^"]*)"/g)].map(([, name, value]) => [
          name,
          value,
        ]),
      )
      const chosen = [...page.matchAll(/<select id="(\w+)"[\s\S]*?<option value="(\w+)" selected>/g)]
      const filled = { ...fields, ...Object.fromEntries(chosen.map(([, name, value]) => [name, value])) }
      numbers.add(filled.documentNumber ?? '')
      expect((await send(`${host.origin}/offers`, form(filled, host.origin))).status).toBe(303)
    }
    expect(numbers.size).toBe(2)
  })

  it('gives the link for the wallet, with origin and offer in the fragment', async () => {
    const id = await makeOffer()
    const page = (await send(`${host.origin}/offered/${id}`)).body
    const fragment = new URLSearchParams({ issuer: host.origin, offer: id }).toString().replace('&', '&amp;')
    expect(page).toContain(`href="${host.walletOrigin}/receive#${fragment}"`)
    expect(page).toContain('12:10 UTC')
    host.now = new Date(NOON.getTime() + OFFER_LIFE * 1000)
    const late = await send(`${host.origin}/offered/${id}`, { headers: { accept: 'text/html' } })
    expect(late.status).toBe(410)
    expect(late.body).toContain('The offer has expired')
  })

  it('says beside each field what is wrong, and keeps what was typed, escaped', async () => {
    const tomorrow = formatDay(toDay(dayOf(NOON) + 1))
    const yesterday = formatDay(toDay(dayOf(NOON) - 1))
    const cases: [Partial<Record<keyof typeof PERSON, string>>, string, string][] = [
      [{ givenName: ' ' }, 'givenName', 'Enter the given name.'],
      [{ birthDate: '2007-02-29' }, 'birthDate', 'There is no such day in the calendar.'],
      [{ birthDate: tomorrow }, 'birthDate', 'This date is in the future.'],
      [{ birthDate: '29.2.2008' }, 'birthDate', 'Enter a date as year-month-day'],
      [{ birthDate: '1899-12-31' }, 'birthDate', 'Enter a date in 1900 or later.'],
      [{ nationality: 'XX' }, 'nationality', 'Choose a country from the list.'],
      [{ familyName: 'é'.repeat(129) }, 'familyName', 'This is too long.'],
      [{ validUntil: yesterday }, 'validUntil', 'This date is past.'],
    ]
    for (const [change, field, message] of cases) {
      const answer = await send(`${host.origin}/offers`, form({ ...PERSON, ...change }, host.origin))
      expect(answer.status).toBe(422)
      expect(answer.body).toMatch(new RegExp(`id="${field}-problem">${message.replace(/[.]/g, '\\.')}`))
      expect(answer.body).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
      expect(answer.body.match(/aria-invalid/g)).toHaveLength(1)
    }
    const markup = await send(
      `${host.origin}/offers`,
      form({ ...PERSON, givenName: '"><i>', birthDate: '' }, host.origin),
    )
    expect(markup.body).toContain('value="&quot;&gt;&lt;i&gt;"')
    expect(markup.body).not.toContain('"><i>')
    const today = { ...PERSON, birthDate: formatDay(dayOf(NOON)), validUntil: formatDay(dayOf(NOON)) }
    expect((await send(`${host.origin}/offers`, form(today, host.origin))).status).toBe(303)
  })

  it('takes forms from its own page only', async () => {
    for (const origin of ['http://forum.localhost:4402', 'null']) {
      const answer = await send(`${host.origin}/offers`, form(PERSON, origin))
      expect(answer.status).toBe(403)
      expect(answer.json()).toMatchObject({ error: 'origin_forbidden' })
    }
  })
})
