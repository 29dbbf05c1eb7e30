import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { parseCredential, serializeCredential } from '../../src/protocol/credential.ts'
import { toDay } from '../../src/protocol/day.ts'
import { toField } from '../../src/protocol/field.ts'
import type { Offer } from '../../src/protocol/issuance.ts'
import { serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { ADULT } from './issuer.ts'
import { type Keys, loadKeys, type Rig, refusal, SLOW_TEST_MS, startRig } from './rig.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

let keys: Keys
let prepared: Rig
let rig: Rig

beforeAll(async () => {
  keys = await loadKeys({ prepares: false })
  prepared = await startRig(keys)
  await prepared.wallet.create({})
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys, { like: prepared })
  await rig.wallet.unlock({})
})

/** The refusal to read an offer with one thing changed. */
async function unreadable(changes: Partial<Offer> = {}, link: { issuer?: string; offer?: string } = {}) {
  const error = await refusal(rig.wallet.readOffer({ ...rig.issuer.offer(changes), ...link }, {}))
  expect(error.shared).toBe('nothing')
  expect(rig.web.posts).toEqual([])
  return error.code
}

test('an unchanged offer is read without a touch', async () => {
  const touches = rig.authenticator.touches
  expect(await rig.wallet.readOffer(rig.issuer.offer(), {})).toMatchObject({ kind: 'Person' })
  expect(rig.authenticator.touches).toBe(touches)
})

test('a link that names no issuer or no offer', async () => {
  expect(await unreadable({}, { issuer: 'javascript:alert(1)' })).toBe('offer_link_invalid')
  expect(await unreadable({}, { issuer: 'https://id.example/path' })).toBe('offer_link_invalid')
  expect(await unreadable({}, { offer: '../../secret' })).toBe('offer_link_invalid')
})

test('an issuer that is not there, and an offer that is not', async () => {
  expect(await unreadable({}, { issuer: 'https://nobody.example' })).toBe('issuer_unreachable')
  expect(await unreadable({}, { offer: 'another-offer' })).toBe('offer_gone')
})

test('an offer of another issuer, and another offer than the link names', async () => {
  expect(await unreadable({ issuer: parseOrigin('https://other.example') })).toBe('offer_mismatch')
  expect(await unreadable({ id: 'another-offer' })).toBe('offer_mismatch')
})

test('metadata of another issuer', async () => {
  const origin = parseOrigin('https://other.example')
  rig.issuer.metadata = (honest) => serializeIssuerMetadata({ ...honest, origin })
  expect(await unreadable()).toBe('issuer_mismatch')
})

test('another key set', async () => {
  expect(await unreadable({ keySet: 'A'.repeat(43) })).toBe('key_set_unknown')
})

test('expired', async () => {
  const now = Math.floor(rig.clock.milliseconds / 1000)
  expect(await unreadable({ expires: now - 62 })).toBe('offer_expired')
})

test('a schema the issuer does not publish', async () => {
  expect(await unreadable({ schema: 'A'.repeat(43) })).toBe('offer_schema_unknown')
})

test('claims that do not fit, and dates that are no life', async () => {
  const { today } = rig.wine
  expect(await unreadable({ claims: { ...ADULT, birthDate: '1991-02-30' } })).toBe('offer_claims_invalid')
  expect(await unreadable({ claims: { ...ADULT, extra: 1 } })).toBe('offer_claims_invalid')
  expect(await unreadable({ validFrom: toDay(today + 1), validUntil: today })).toBe('offer_claims_invalid')
  expect(await unreadable({ validFrom: toDay(today - 9), validUntil: toDay(today - 2) })).toBe('offer_claims_invalid')
})

/** The refusal to keep what the issuer returned, with one thing changed. */
async function unkept() {
  const { wallet, issuer } = rig
  const error = await refusal(wallet.acceptOffer(await wallet.readOffer(issuer.offer(), {}), {}))
  expect(error.shared).toBe('maybe')
  expect(await wallet.cards()).toEqual([])
  const [entry] = await wallet.activity()
  expect(entry).toMatchObject({ kind: 'failed', code: error.code, origin: issuer.origin, shared: 'maybe' })
  return error.code
}

test('a credential that is not the one offered: every field', async () => {
  const day = rig.issuer.issuedAt
  const changes: Parameters<typeof changed>[0][] = [
    { issuer: parseOrigin('https://other.example') },
    { schema: 'A'.repeat(43) },
    { claims: { ...ADULT, nationality: 'SE' } },
    { holderCommitment: toField(1) },
    { deviceKeysCommitment: toField(1) },
    { validFrom: toDay(day - 1) },
    { validUntil: toDay(day + 1) },
  ]
  for (const change of changes) {
    rig.issuer.answer = changed(change)
    expect([change, await unkept()]).toEqual([change, 'credential_mismatch'])
  }
})

test('no credential at all', async () => {
  rig.issuer.answer = () => ({ credential: { version: 1 } })
  expect(await unkept()).toBe('credential_mismatch')
  rig.issuer.answer = () => 'thank you'
  expect(await unkept()).toBe('credential_mismatch')
})

test('signed on another day than today', async () => {
  rig.issuer.issuedAt = toDay(rig.wine.today - 2)
  expect(await unkept()).toBe('credential_mismatch')
})

test('a signature that does not check: another key, another identifier, a day the key is not valid on', async () => {
  rig.issuer.answer = changed({ keyId: 'second' })
  expect(await unkept()).toBe('credential_signature')
  rig.issuer.answer = changed({ revocationId: 258 })
  expect(await unkept()).toBe('credential_signature')
  rig.issuer.answer = (honest) => honest
  const { today } = rig.wine
  rig.issuer.metadata = ({ keys: [key], ...rest }) =>
    serializeIssuerMetadata({ ...rest, keys: key ? [{ ...key, notAfter: toDay(today - 1) }] : [] })
  expect(await unkept()).toBe('credential_signature')
})

test('an issuer that refuses', async () => {
  const { wallet, issuer, authenticator } = rig
  const view = await wallet.readOffer(issuer.offer(), {})
  issuer.offers.clear()
  const error = await refusal(wallet.acceptOffer(view, {}))
  expect(error).toMatchObject({ code: 'issuer_refused', detail: 'offer_unknown', shared: 'maybe' })
  authenticator.faults.cancel = true
  expect(await refusal(wallet.acceptOffer(view, {}))).toMatchObject({ code: 'user_cancelled', shared: 'nothing' })
  authenticator.faults.cancel = false
  expect((await refusal(wallet.acceptOffer({ ...view }, {}))).code).toBe('view_unknown')
})

test('a proof of its own that does not verify is not sent', async () => {
  const { issuer, anotherPage, web } = rig
  const page = anotherPage({
    prover: {
      ...keys.prover,
      prove: (circuit, inputs, options) => keys.prover.prove(circuit, { ...inputs, holderBlinding: 3n }, options),
    },
  })
  const view = await page.readOffer(issuer.offer(), {})
  expect(await refusal(page.acceptOffer(view, {}))).toMatchObject({ code: 'own_proof_invalid', shared: 'nothing' })
  expect(web.posts).toEqual([])
})

function changed(changes: Partial<ReturnType<typeof parseCredential>>) {
  return ({ credential }: { credential: unknown }) => ({
    credential: serializeCredential({ ...parseCredential(credential), ...changes }),
  })
}
