import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/bytes.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { parseRequest, REQUEST_TYPE, verifyRequest } from '../../src/protocol/request.ts'
import { codeOf, codeOfAsync } from '../expect-code.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const IAT = NOW.getTime() / 1000
const forum = parseOrigin('https://forum.example')

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>
let pair: KeyPair
let other: KeyPair
let jwk: Record<string, unknown>

const payload = {
  version: 1,
  iss: 'https://forum.example',
  iat: IAT,
  exp: IAT + 120,
  nonce: toBase64url(new Uint8Array(32)),
  session: 'abcdefgh',
  keySet: toBase64url(new Uint8Array(32)),
  today: 46_345,
  responseUri: 'https://forum.example/touchstone/sessions/abcdefgh/presentation',
  returnUri: 'https://forum.example/',
  query: { type: 'login', id: 'login' },
}

beforeAll(async () => {
  pair = await generateKeyPair('ES256')
  other = await generateKeyPair('ES256')
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
})

function sign(body: object, { typ = REQUEST_TYPE, kid = 'k1', key = pair.privateKey } = {}): Promise<string> {
  return new SignJWT({ ...body }).setProtectedHeader({ alg: 'ES256', typ, kid }).sign(key)
}

const check = async (jws: string, options: { now?: Date; origin?: string } = {}) =>
  verifyRequest({ jws, keys: [jwk], expectedOrigin: parseOrigin(options.origin ?? forum), now: options.now ?? NOW })

test('a request signed by a published key is read', async () => {
  const { payload: request, context } = await check(await sign(payload))
  expect(request.session).toBe('abcdefgh')
  expect(context).toBeTypeOf('bigint')
})

test('two signatures over one payload have contexts of their own', async () => {
  const [a, b] = [await check(await sign(payload)), await check(await sign(payload))]
  expect(a.context).not.toBe(b.context)
})

test.each([
  ['the signature of another key', async () => sign(payload, { key: other.privateKey }), 'request_signature'],
  ['a key id nobody publishes', async () => sign(payload, { kid: 'k2' }), 'request_signature'],
  ['another type of token', async () => sign(payload, { typ: 'JWT' }), 'request_signature'],
  [
    'no signature',
    async () =>
      `${toBase64url(new TextEncoder().encode('{"alg":"none"}'))}.${toBase64url(new TextEncoder().encode(JSON.stringify(payload)))}.`,
    'request_unsigned',
  ],
  ['something that is no JWS', async () => 'hello', 'request_unsigned'],
  [
    'a changed payload',
    async () =>
      (await sign(payload))
        .split('.')
        .with(1, toBase64url(new TextEncoder().encode(JSON.stringify({ ...payload, session: 'bbbbbbbb' }))))
        .join('.'),
    'request_signature',
  ],
  ['no issue time', async () => sign({ ...payload, iat: undefined }), 'request_signature'],
  ['a member it does not know', async () => sign({ ...payload, extra: 1 }), 'request_invalid'],
  [
    'an answer sent elsewhere',
    async () => sign({ ...payload, responseUri: 'https://evil.example/x' }),
    'request_invalid',
  ],
  [
    'a return elsewhere',
    async () => sign({ ...payload, returnUri: 'https://forum.example.evil.example/' }),
    'request_invalid',
  ],
  [
    'another origin in it',
    async () =>
      sign({
        ...payload,
        iss: 'https://shop.example',
        responseUri: 'https://shop.example/x',
        returnUri: 'https://shop.example/',
      }),
    'request_origin',
  ],
])('%s is refused', async (_, make, code) => {
  expect(await codeOfAsync(make().then((jws) => check(jws)))).toBe(code)
})

test('one from the future says that the clocks disagree', async () => {
  const at = (ahead: number) => sign({ ...payload, iat: IAT + ahead, exp: IAT + ahead + 120 })
  expect(await codeOfAsync(at(60).then((jws) => check(jws)))).toBeUndefined()
  expect(await codeOfAsync(at(61).then((jws) => check(jws)))).toBe('request_expired')
})

test('ten minutes is the longest life', async () => {
  const lasting = (seconds: number) => sign({ ...payload, exp: IAT + seconds })
  expect(await codeOfAsync(lasting(600).then((jws) => check(jws)))).toBeUndefined()
  expect(await codeOfAsync(lasting(601).then((jws) => check(jws)))).toBe('request_invalid')
})

test('it lives until its end and the tolerance for clocks', async () => {
  const jws = await sign(payload)
  const at = (seconds: number) => new Date((payload.exp + seconds) * 1000)
  expect(await codeOfAsync(check(jws, { now: at(59) }))).toBeUndefined()
  expect(await codeOfAsync(check(jws, { now: at(60) }))).toBe('request_expired')
})

test.each([
  [
    'an item twice',
    {
      all: [
        { type: 'login', id: 'a' },
        { type: 'login', id: 'a' },
      ],
    },
  ],
  ['nine items', { all: Array.from({ length: 9 }, (_, i) => ({ type: 'login', id: `i${i}` })) }],
  ['nothing', { all: [] }],
  ['four levels', { all: [{ any: [{ all: [{ any: [{ type: 'login', id: 'a' }] }] }] }] }],
  ['an unknown item', { type: 'spy', id: 'a' }],
])('a query with %s is refused', (_, query) =>
  expect(codeOf(() => parseRequest({ ...payload, query }))).toBe('request_invalid'),
)

test.each([
  ['one character', '?'],
  ['eighty', 'a'.repeat(80)],
  ['another script', 'لتأكيد عمرك'],
])('a purpose of %s is read', (_, purpose) => expect(parseRequest({ ...payload, purpose }).purpose).toBe(purpose))

test.each([
  ['nothing', ''],
  ['eighty-one characters', 'a'.repeat(81)],
  ['two lines', 'To sell wine\nand beer'],
  ['a mark that turns the line around', 'To sell\u202e wine'],
  ['a character that is not seen', 'To\u200b sell wine'],
  ['half a character', 'To sell \ud83c'],
  ['a space before it', ' To sell wine'],
  ['a wide space after it', 'To sell wine\u3000'],
  ['a number', 7],
])('a purpose of %s is refused', (_, purpose) =>
  expect(codeOf(() => parseRequest({ ...payload, purpose }))).toBe('request_invalid'),
)

test('a purpose is signed with the rest', async () => {
  const jws = await sign({ ...payload, purpose: 'To sell wine' })
  expect((await check(jws)).payload.purpose).toBe('To sell wine')
  const [head, , signature] = jws.split('.')
  const body = toBase64url(new TextEncoder().encode(JSON.stringify({ ...payload, purpose: 'To sell beer' })))
  expect(await codeOfAsync(check([head, body, signature].join('.')))).toBe('request_signature')
})
