import { p256 } from '@noble/curves/nist.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OFFER_LIFE } from '../../server/issuer/page-routes.ts'
import { credentialFields, credentialHash, parseCredential } from '../../src/protocol/credential.ts'
import { dayOf, toDay } from '../../src/protocol/day.ts'
import { deviceKeyHash, deviceKeysCommitment } from '../../src/protocol/device.ts'
import { randomField, toField } from '../../src/protocol/field.ts'
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
import { isRevoked } from '../../src/protocol/status-list.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import { type Holder, makeAcceptance, makeHolder, orderOffer, proverFor } from './holder.ts'
import { send } from './http-client.ts'
import { type IssuerHost, NOON, PERSON, startIssuer } from './issuer-host.ts'
import { newestList } from './published-status.ts'
import { type AssertionChoices, assertionBy, makeSoftwareKey } from './signed-assertion.ts'

let host: IssuerHost
let prover: WorkerProver

beforeAll(async () => {
  host = await startIssuer()
  prover = proverFor(host.keys)
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

function makeOffer(changes: Partial<typeof PERSON> = {}): Promise<string> {
  return orderOffer(host.origin, { ...PERSON, documentNumber: `TS${people++}`, ...changes })
}

async function fetchOffer(id: string): Promise<Offer> {
  const answer = await send(`${host.origin}/offers/${id}`, { headers: { origin: host.walletOrigin } })
  expect(answer.status).toBe(200)
  return parseOffer(answer.json())
}

function answerBy(holder: Holder, offer: Offer): Promise<Acceptance> {
  return makeAcceptance(offer, { holder, prover, walletOrigin: host.walletOrigin })
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
    const acceptance = await answerBy(holder, offer)
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

  it('issues again to the same wallet, under another revocation identifier, and to no other', async () => {
    const holder = makeHolder()
    const identifiers: number[] = []
    const before = (await newestList(host)).epoch
    for (const _ of [1, 2]) {
      const offer = await fetchOffer(await makeOffer({ documentNumber: 'TS2222222' }))
      const answer = await accept(offer.id, serializeAcceptance(await answerBy(holder, offer)))
      identifiers.push((answer.json() as { credential: { revocationId: number } }).credential.revocationId)
    }
    const [first = 0, second = 0] = identifiers
    expect(first).not.toBe(second)
    const { epoch, list } = await newestList(host)
    expect(epoch).toBe(before + 1)
    expect([first, second].map((identifier) => isRevoked(list, identifier))).toEqual([true, false])

    const offer = await fetchOffer(await makeOffer({ documentNumber: 'TS2222222' }))
    expect(await refusal(offer.id, await answerBy(makeHolder(), offer))).toBe('issuer_tag_mismatch')
    // Nor does a refusal end the credential that there is.
    expect((await newestList(host)).epoch).toBe(epoch)
    await expectStillOpen(offer.id)
    const other = await fetchOffer(await makeOffer())
    expect((await accept(other.id, serializeAcceptance(await answerBy(makeHolder(), other)))).status).toBe(200)
  })

  it('gives one credential for an offer, also to two answers at once', async () => {
    const offer = await fetchOffer(await makeOffer())
    const body = serializeAcceptance(await answerBy(makeHolder(), offer))
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
    const acceptance = await answerBy(makeHolder(), offer)
    expect(await refusal('an-offer-that-was-never-made', acceptance)).toBe('offer_unknown')
    host.now = new Date(offer.expires * 1000)
    expect(await refusal(offer.id, acceptance)).toBe('offer_expired')
    host.now = new Date(offer.expires * 1000 - 1)
    expect((await accept(offer.id, serializeAcceptance(acceptance))).status).toBe(200)
  })

  it('acceptance_invalid: a field too many, a byte too few, no key, too many, text, a list', async () => {
    const id = await makeOffer()
    const good = serializeAcceptance(await answerBy(makeHolder(), await fetchOffer(id)))
    const [device] = good.devices
    const bodies = [
      { ...good, extra: 1 },
      { ...good, proof: good.proof.slice(1) },
      { ...good, devices: [] },
      { ...good, devices: Array.from({ length: 5 }, () => device) },
      { ...good, holderCommitment: '_'.repeat(43) },
      '"text"',
      '[]',
    ]
    for (const body of bodies) {
      const answer = await accept(id, body)
      expect(answer.status).toBe(400)
      expect(answer.json()).toMatchObject({ error: 'acceptance_invalid' })
    }
    await expectStillOpen(id)
  })

  it('body_invalid: what is not JSON', async () => {
    const id = await makeOffer()
    for (const body of ['{', '', '['.repeat(8000), '{"__proto__":{}}']) {
      const answer = await accept(id, body)
      expect(answer.status).toBe(400)
      expect(answer.json()).toMatchObject({ error: 'body_invalid', retryable: false })
    }
    // One that is, and says nothing of what it should.
    expect((await accept(id, '{}')).json()).toMatchObject({ error: 'acceptance_invalid' })
    await expectStillOpen(id)
  })

  it('body_too_large, content_type', async () => {
    const id = await makeOffer()
    expect((await accept(id, `"${'x'.repeat(16_384)}"`)).json()).toMatchObject({ error: 'body_too_large' })
    expect((await accept(id, '{}', { 'content-type': 'text/plain' })).json()).toMatchObject({
      error: 'content_type_invalid',
    })
  })

  it('proof_invalid: another offer, another commitment, another tag, another byte', async () => {
    const offer = await fetchOffer(await makeOffer())
    const holder = makeHolder()
    const elsewhere = await answerBy(holder, await fetchOffer(await makeOffer()))
    expect(await refusal(offer.id, elsewhere)).toBe('proof_invalid')
    const good = await answerBy(holder, offer)
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
    const good = await answerBy(holder, offer)
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
    const good = await answerBy(makeHolder(), offer)
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
