import { expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/bytes.ts'
import { parseCredential, serializeCredential } from '../../src/protocol/credential.ts'
import { encodeField, FIELD_ORDER, fieldToBytes, toField } from '../../src/protocol/field.ts'
import { issuanceContext, parseAcceptance, parseOffer, serializeAcceptance } from '../../src/protocol/issuance.ts'
import { parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import { JUBJUB_SUBGROUP_ORDER } from '../../src/protocol/issuer-signature.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { parsePresentation, serializePresentation } from '../../src/protocol/presentation.ts'
import { isAnswered } from '../../src/protocol/query.ts'
import { parseRelyingPartyMetadata } from '../../src/protocol/relying-party.ts'
import { parseWindowMessage } from '../../src/protocol/window-message.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const bytes32 = toBase64url(new Uint8Array(32).fill(7))
const field = encodeField(toField(7))
const proof = toBase64url(new Uint8Array(128).fill(1))

const credential = {
  version: 1,
  issuer: 'https://issuer.example',
  keyId: 'k1',
  schema: bytes32,
  claims: vectors.person,
  holderCommitment: field,
  deviceKeysCommitment: field,
  validFrom: 46_000,
  validUntil: 46_500,
  issuedAt: 46_000,
  revocationId: 256 * 4095 + 251,
  signature: { r8: [field, field], s: field },
}

const offer = {
  version: 1,
  id: 'offer-123',
  issuer: 'https://issuer.example',
  schema: bytes32,
  claims: vectors.person,
  validFrom: 46_000,
  validUntil: 46_500,
  nonce: bytes32,
  expires: 1_795_000_000,
  keySet: bytes32,
}

const acceptance = {
  version: 1,
  proof,
  holderCommitment: field,
  issuerTag: field,
  deviceKeysSalt: field,
  devices: [
    {
      credentialId: 'AAAA',
      publicKey: { x: bytes32, y: bytes32 },
      authenticatorData: 'AAAA',
      clientDataJSON: 'AAAA',
      signature: 'AAAA',
    },
  ],
}

const presentation = {
  version: 1,
  session: 'abcdefgh',
  walletNonce: field,
  keySet: bytes32,
  epochs: [{ issuer: 'https://issuer.example', epoch: 3 }],
  answers: [
    { circuit: 'login-v1', item: 'login', proof, nullifier: field, deviceCommitment: field, deviceTag: field },
    {
      circuit: 'present-v1',
      item: 'age',
      part: 0,
      proof,
      nullifier: field,
      deviceCommitment: field,
      link: field,
      credentialLink: field,
      disclosed: { givenName: 'Zoë' },
    },
  ],
}

test('messages survive a round trip', () => {
  expect(serializeCredential(parseCredential(credential))).toEqual(credential)
  expect(serializeAcceptance(parseAcceptance(acceptance))).toEqual(acceptance)
  expect(serializePresentation(parsePresentation(presentation))).toEqual(presentation)
  expect(parseOffer(offer)).toEqual(offer)
})

/** A deep copy with the member at `path` replaced; `undefined` deletes it. */
function replaced(message: object, path: string, value: unknown): unknown {
  const copy = structuredClone(message)
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<Record<string, unknown>>(
    (node, key) => node[key] as Record<string, unknown>,
    copy as Record<string, unknown>,
  )
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

const alias = toBase64url(fieldToBytes((FIELD_ORDER + 7n) as never))

test.each([
  ['signature.s', encodeField(toField(JUBJUB_SUBGROUP_ORDER))],
  ['holderCommitment', alias],
  ['holderCommitment', field.slice(1)],
  ['holderCommitment', 7],
  ['revocationId', 252],
  ['revocationId', -1],
  ['revocationId', 4096 * 256],
  ['issuer', 'http://issuer.example'],
  ['version', 2],
  ['validUntil', 1.5],
  ['claims', { __proto__x: 1 }],
  ['claims', []],
  ['extra', 1],
  ['issuedAt', undefined],
])('a credential with another %s is refused', (path, value) =>
  expect(codeOf(() => parseCredential(replaced(credential, path, value)))).toBe('credential_invalid'),
)

test.each([
  ['answers', []],
  ['answers', Array.from({ length: 17 }, () => presentation.answers[0])],
  ['answers.1.part', undefined],
  ['answers.1.part', -1],
  ['answers.1.part', 16],
  ['answers.1.part', 0.5],
  ['answers.0.part', 0],
  ['epochs', undefined],
  ['epochs', Array.from({ length: 129 }, () => presentation.epochs[0])],
  ['epochs.0.epoch', 0],
  ['epochs.0.epoch', 1.5],
  ['epochs.0.issuer', 'http://issuer.example'],
  ['epochs.0.root', field],
  ['answers.0.circuit', 'present-v1'],
  ['answers.0.nullifier', alias],
  ['answers.0.nullifier', `0${field}`],
  ['answers.0.proof', proof.slice(2)],
  ['answers.1.link', undefined],
  ['answers.1.disclosed', { givenName: {} }],
  // A record would leave it out without a word.
  ['answers.1.disclosed', JSON.parse('{"__proto__":1}')],
  ['walletNonce', '7'],
  ['session', '../x'],
  ['today', 46_000],
])('a presentation with another %s is refused', (path, value) =>
  expect(codeOf(() => parsePresentation(replaced(presentation, path, value)))).toBe('presentation_invalid'),
)

test.each([null, undefined, [], 'text', 7, { version: 1 }])('%j is no presentation', (value) =>
  expect(codeOf(() => parsePresentation(value))).toBe('presentation_invalid'),
)

test.each([
  ['devices', []],
  ['devices', Array.from({ length: 5 }, () => acceptance.devices[0])],
  ['devices.0.publicKey.x', bytes32.slice(1)],
  ['devices.0.signature', 'A'],
  ['proof', 'AAAA'],
])('an acceptance with another %s is refused', (path, value) =>
  expect(codeOf(() => parseAcceptance(replaced(acceptance, path, value)))).toBe('acceptance_invalid'),
)

test('every member of an offer is in the context of its issuance', () => {
  const base = parseOffer(offer)
  const changes = [
    { id: 'offer-124' },
    { schema: field },
    { validUntil: 46_501 },
    { nonce: field },
    { expires: 1 },
    { keySet: field },
    { claims: { ...vectors.person, points: 1 } },
    { issuer: 'https://other.example' },
  ]
  const contexts = new Set(changes.map((change) => issuanceContext(parseOffer({ ...offer, ...change }))))
  contexts.add(issuanceContext(base))
  expect(contexts.size).toBe(changes.length + 1)
})

test('metadata speaks for the origin it was fetched from and has usable keys only', () => {
  const origin = parseOrigin('https://issuer.example')
  const base8 = [
    5299619240641551281634865583518297030282874472190772894086521144482721001553n,
    16950150798460657717958625567821834550301663161624707787222815936182638968203n,
  ]
  const metadata = (point: bigint[], from = 'https://issuer.example') => ({
    version: 1,
    origin: from,
    name: 'Issuer',
    demo: true,
    keys: [
      {
        keyId: 'k1',
        point: point.map((c) => encodeField(toField(c))),
        notBefore: 46_000,
        notAfter: 46_700,
      },
    ],
    statusKeys: [{ kty: 'EC', crv: 'P-256', x: bytes32, y: bytes32, kid: 's1', alg: 'ES256', use: 'sig' }],
    schemas: [vectors.schema],
    keySets: [bytes32],
  })
  expect(parseIssuerMetadata(metadata(base8), origin).name).toBe('Issuer')
  expect(codeOf(() => parseIssuerMetadata(metadata(base8, 'https://evil.example'), origin))).toBe('issuer_mismatch')
  expect(codeOf(() => parseIssuerMetadata({ ...metadata(base8), statusKeys: [] }, origin))).toBe(
    'issuer_metadata_invalid',
  )
  const identity = [0n, 1n]
  const ofOrderTwo = [0n, FIELD_ORDER - 1n]
  const offCurve = [1n, 2n]
  for (const point of [identity, ofOrderTwo, offCurve]) {
    expect(codeOf(() => parseIssuerMetadata(metadata(point), origin))).toBe('issuer_metadata_invalid')
  }
})

test('a relying party publishes P-256 signing keys for its own origin', () => {
  const origin = parseOrigin('https://forum.example')
  const key = { kty: 'EC', crv: 'P-256', x: bytes32, y: bytes32, kid: 'k1', alg: 'ES256', use: 'sig' }
  const metadata = { version: 1, origin: 'https://forum.example', keys: [key] }
  expect(parseRelyingPartyMetadata(metadata, origin).keys).toHaveLength(1)
  expect(codeOf(() => parseRelyingPartyMetadata({ ...metadata, origin: 'https://x.example' }, origin))).toBe(
    'relying_party_mismatch',
  )
  expect(codeOf(() => parseRelyingPartyMetadata({ ...metadata, keys: [{ ...key, d: bytes32 }] }, origin))).toBe(
    'relying_party_invalid',
  )
  expect(codeOf(() => parseRelyingPartyMetadata({ ...metadata, keys: [{ ...key, kty: 'oct' }] }, origin))).toBe(
    'relying_party_invalid',
  )
})

test('all wants every part, any wants one', () => {
  const item = (id: string) => ({ type: 'login', id }) as const
  const query = { all: [item('a'), { any: [item('b'), item('c')] }] }
  expect(isAnswered(query, new Set(['a', 'c']))).toBe(true)
  expect(isAnswered(query, new Set(['a']))).toBe(false)
  expect(isAnswered(query, new Set(['b', 'c']))).toBe(false)
})

test('windows exchange four messages and no others', () => {
  const code = toBase64url(new Uint8Array(32))
  for (const message of [
    { type: 'touchstone:ready' },
    { type: 'touchstone:request', jws: 'a.b.c' },
    { type: 'touchstone:progress', phase: 'proving', progress: 0 },
    { type: 'touchstone:progress', phase: 'proving', progress: 1 },
    { type: 'touchstone:code', code },
    { type: 'touchstone:declined' },
  ]) {
    expect(parseWindowMessage({ version: 1, ...message })).toEqual({ version: 1, ...message })
  }
  for (const message of [
    { type: 'touchstone:progress', phase: 'proving', progress: 1.01 },
    { type: 'touchstone:progress', phase: 'proving', progress: Number.NaN },
    { type: 'touchstone:progress', phase: 'status', progress: 0 },
    { type: 'touchstone:code', code: 'x' },
    { type: 'touchstone:declined', reason: 'poor' },
    { type: 'hello' },
    null,
  ]) {
    expect(codeOf(() => parseWindowMessage(message && { version: 1, ...message }))).toBe('message_invalid')
  }
})
