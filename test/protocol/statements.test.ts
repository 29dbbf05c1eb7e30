import { expect, test } from 'vitest'
import { contextOf } from '../../src/protocol/context.ts'
import { credentialFields, credentialHash } from '../../src/protocol/credential.ts'
import { parseDay } from '../../src/protocol/day.ts'
import { deviceCommitment, deviceKeyHash, deviceKeysCommitment, deviceTag } from '../../src/protocol/device.ts'
import { encodeField, parseField, toField } from '../../src/protocol/field.ts'
import { credentialLink, holderCommitment, holderLink, nullifier } from '../../src/protocol/holder.ts'
import { issuerLeaf } from '../../src/protocol/issuer-set.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { compilePredicates, type Predicate, queryHash } from '../../src/protocol/predicate.ts'
import { pseudonymOf } from '../../src/protocol/pseudonym.ts'
import { parseSchema, schemaHash } from '../../src/protocol/schema.ts'
import { type Kind, scopeOf } from '../../src/protocol/scope.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const schema = parseSchema(vectors.schema)
const forum = parseOrigin('https://forum.example')
const issuer = parseOrigin('https://issuer.example')
const s = parseField(vectors.secrets.holderSecret)
const walletNonce = parseField(vectors.secrets.walletNonce)
const scope = scopeOf('login', forum)
const context = contextOf('present', { ...vectors.context, origin: forum })
const keyHash = deviceKeyHash({ x: BigInt(`0x${vectors.deviceKey.x}`), y: BigInt(`0x${vectors.deviceKey.y}`) })
const hc = holderCommitment(s, parseField(vectors.secrets.holderBlinding))
const commitment = deviceKeysCommitment([keyHash], parseField(vectors.secrets.deviceKeysSalt))
const credential = credentialHash(
  credentialFields(schema, {
    version: 1,
    issuer,
    keyId: 'k1',
    schema: schemaHash(schema),
    claims: vectors.person,
    holderCommitment: hc,
    deviceKeysCommitment: commitment,
    validFrom: parseDay(vectors.credential.validFrom),
    validUntil: parseDay(vectors.credential.validUntil),
    issuedAt: parseDay(vectors.credential.issuedAt),
    revocationId: vectors.credential.revocationId,
  }),
)
const predicates = vectors.predicates as Predicate[]

test('every statement gives the value of its vector', () => {
  const point = [toField(5), toField(6)] as const
  const days = { notBefore: parseDay('2023-03-17'), notAfter: parseDay('2025-12-11') }
  const fields = {
    context,
    scopeLogin: scope,
    scopeAction: scopeOf('action', forum, 'spring-raffle'),
    holderCommitment: hc,
    deviceKeyHash: keyHash,
    deviceKeysCommitment: commitment,
    deviceCommitment: deviceCommitment(keyHash, parseField(vectors.secrets.deviceSalt)),
    deviceTag: deviceTag(s, keyHash, scope),
    credentialHash: credential,
    queryHash: queryHash(schema, compilePredicates(schema, predicates)),
    nullifier: nullifier('login', s, scope),
    issuerTag: nullifier('issuer', s, scopeOf('issuer', issuer)),
    link: holderLink(s, context, walletNonce),
    credentialLink: credentialLink(s, credential, context, walletNonce),
    issuerLeaf: issuerLeaf({ keyId: 'k1', point, ...days }, toField(0)),
  }
  const { pseudonym, ...expected } = vectors.outputs
  expect(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, encodeField(field)]))).toEqual(
    expected,
  )
  expect(pseudonymOf(fields.nullifier)).toBe(pseudonym)
})

test('every member of a context changes it, and so does its purpose', () => {
  const base = { ...vectors.context, origin: forum }
  const changes = [
    { origin: issuer },
    { nonce: 'x' },
    { session: 'session-2' },
    { requestHash: 'x' },
    { keySet: 'x' },
    { expires: base.expires + 1 },
  ]
  const seen = new Set(changes.map((change) => contextOf('present', { ...base, ...change })))
  for (const purpose of ['present', 'issue', 'unlock', 'recover'] as const) seen.add(contextOf(purpose, base))
  expect(seen.size).toBe(changes.length + 4)
})

test('kinds, origins and actions have nullifiers of their own', () => {
  const kinds: Kind[] = ['login', 'action', 'vote', 'spend', 'issuer']
  const seen = new Set(
    kinds.flatMap((kind) =>
      [forum, issuer].flatMap((origin) =>
        ['', 'a', 'b'].map((action) => nullifier(kind, s, scopeOf(kind, origin, action))),
      ),
    ),
  )
  expect(seen.size).toBe(5 * 2 * 3)
  expect(new Set(kinds.map((kind) => nullifier(kind, s, scope))).size).toBe(5)
})

test.each([
  'http://forum.example',
  'https://forum.example/',
  'https://forum.example/path',
  'HTTPS://forum.example',
  'https://forum.example:443',
  'null',
  'https://user@forum.example',
  'ftp://localhost',
])('%s is not a canonical origin', (text) => expect(codeOf(() => parseOrigin(text))).toBe('origin_invalid'))

test.each([
  'https://forum.example',
  'https://forum.example:8443',
  'http://forum.localhost:4402',
  'http://127.0.0.1:80 '.trim().replace(':80', ':81'),
])('%s is a canonical origin', (text) => expect(parseOrigin(text)).toBe(text))
