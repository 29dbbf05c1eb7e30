import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { toDay, type UnixSeconds } from '../../src/protocol/day.ts'
import { toField } from '../../src/protocol/field.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import {
  type DatedEpoch,
  isRewritten,
  judgeEpoch,
  MAX_EPOCHS,
  parseStatusHistory,
  STATUS_EPOCH_TYPE,
  type StatusHistory,
  serializeStatusHistory,
  statusEpochClaims,
} from '../../src/protocol/status-history.ts'
import { codeOfAsync } from '../expect-code.ts'

const origin = parseOrigin('https://issuer.example')
const other = parseOrigin('https://other.example')
const T0 = 1_790_000_000

/** Baby Jubjub's Base8 (ERC-2494). */
const issuerKey: IssuerKey = {
  keyId: 'k1',
  point: [
    toField(5299619240641551281634865583518297030282874472190772894086521144482721001553n),
    toField(16950150798460657717958625567821834550301663161624707787222815936182638968203n),
  ],
  notBefore: toDay(46_000),
  notAfter: toDay(46_500),
}
const unusable: IssuerKey = { ...issuerKey, point: [toField(0), toField(1)] }

type Key = { privateKey: CryptoKey; jwk: JWK }
let key: Key
let stranger: Key

async function makeKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
}

beforeAll(async () => {
  key = await makeKey('s1')
  stranger = await makeKey('s1')
})

/** Epoch `number` was published 100 · number seconds after T0. */
function epoch(number: number, changes: Partial<DatedEpoch> = {}): DatedEpoch {
  const publishedAt = (T0 + 100 * number) as UnixSeconds
  return {
    ...{
      issuer: origin,
      epoch: number,
      root: toField(number),
      keys: [issuerKey],
      publishedAt,
      supersededAt: undefined,
    },
    ...changes,
  }
}

type Signing = { by?: Key; typ?: string; kid?: string; claims?: Record<string, unknown> }

function signed(given: DatedEpoch, { by = key, typ = STATUS_EPOCH_TYPE, kid = 's1', claims = {} }: Signing = {}) {
  return new SignJWT({ ...statusEpochClaims(given), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ, kid })
    .sign(by.privateKey)
}

const read = (...epochs: string[]) =>
  parseStatusHistory(serializeStatusHistory(epochs), { origin, statusKeys: [key.jwk] })

test('signed epochs are read, and each knows when the next one took its place', async () => {
  const history = await read(await signed(epoch(3)), await signed(epoch(2)), await signed(epoch(1)))
  expect(history).toEqual([
    epoch(3),
    epoch(2, { supersededAt: epoch(3).publishedAt }),
    epoch(1, { supersededAt: epoch(2).publishedAt }),
  ])
})

test('a history need not begin with the first epoch, and two may have one time', async () => {
  const sameTime = epoch(6, { publishedAt: epoch(7).publishedAt })
  await expect(read(await signed(epoch(7)), await signed(sameTime))).resolves.toHaveLength(2)
})

const refused: [title: string, epochs: () => Promise<string>[]][] = [
  ['a hole in the numbers', () => [signed(epoch(3)), signed(epoch(1))]],
  ['the oldest first', () => [signed(epoch(1)), signed(epoch(2))]],
  ['one epoch twice', () => [signed(epoch(2)), signed(epoch(2))]],
  [
    'a time that runs backwards',
    () => [signed(epoch(2)), signed(epoch(1, { publishedAt: (epoch(2).publishedAt + 1) as UnixSeconds }))],
  ],
  ['the list of another issuer', () => [signed(epoch(1, { issuer: other }))]],
  ['the signature of another key', () => [signed(epoch(1), { by: stranger })]],
  ['a key that is not published', () => [signed(epoch(1), { kid: 's2' })]],
  ['another type of token', () => [signed(epoch(1), { typ: 'JWT' })]],
  ['epoch 0', () => [signed(epoch(0))]],
  ['a member too many', () => [signed(epoch(1), { claims: { note: 'x' } })]],
  ['a root outside the field', () => [signed(epoch(1), { claims: { root: '_'.repeat(43) } })]],
  ['an epoch without a list of keys', () => [signed(epoch(1), { claims: { keys: undefined } })]],
  ['an epoch without keys', () => [signed(epoch(1, { keys: [] }))]],
  ['more keys than a proof can hide among', () => [signed(epoch(1, { keys: Array(17).fill(issuerKey) }))]],
  ['a key that is no key, in an older epoch', () => [signed(epoch(2)), signed(epoch(1, { keys: [unusable] }))]],
  ['a key that is no key', () => [signed(epoch(1, { keys: [unusable] }))]],
  ['another version', () => [signed(epoch(1), { claims: { version: 2 } })]],
  ['no JWS', () => [Promise.resolve('hello')]],
  ['nothing', () => []],
]

test.each(refused)('%s is refused', async (_, epochs) =>
  expect(await codeOfAsync(read(...(await Promise.all(epochs()))))).toBe('status_history_invalid'),
)

test('a changed payload is refused', async () => {
  const [header, , signature] = (await signed(epoch(1))).split('.')
  const [, payload] = (await signed(epoch(2))).split('.')
  expect(await codeOfAsync(read([header, payload, signature].join('.')))).toBe('status_history_invalid')
})

test('a history has a greatest length', async () => {
  const jws = await signed(epoch(1))
  const long = Array.from({ length: MAX_EPOCHS + 1 }, () => jws)
  expect(await codeOfAsync(read(...long))).toBe('status_history_invalid')
  const longest = await Promise.all(Array.from({ length: MAX_EPOCHS }, (_, place) => signed(epoch(MAX_EPOCHS - place))))
  await expect(read(...longest)).resolves.toHaveLength(MAX_EPOCHS)
})

test('epochs may differ in their keys, and each has its own', async () => {
  const keys = [issuerKey, { ...issuerKey, keyId: 'k2', notAfter: toDay(46_900) }]
  const history = await read(await signed(epoch(2, { keys })), await signed(epoch(1)))
  expect(history.map((known) => known.keys)).toEqual([keys, [issuerKey]])
})

describe('a history is rewritten', () => {
  const before: StatusHistory = [epoch(3), epoch(2)]

  test.each<[string, StatusHistory]>([
    ['it is the same', before],
    ['it went on', [epoch(4), epoch(3)]],
    ['it went on, and no longer has what was known', [epoch(9), epoch(8)]],
    ['it goes further back', [epoch(3), epoch(2), epoch(1)]],
  ])('not where %s', (_, now) => expect(isRewritten(before, now)).toBe(false))

  test.each<[string, StatusHistory]>([
    ['it has fewer epochs', [epoch(2)]],
    ['an epoch has another root', [epoch(4), epoch(3, { root: toField(9) })]],
    ['an epoch has other keys', [epoch(3, { keys: [{ ...issuerKey, notAfter: toDay(46_501) }] })]],
    ['an epoch has another time', [epoch(3), epoch(2, { publishedAt: (T0 + 201) as UnixSeconds })]],
  ])('where %s', (_, now) => expect(isRewritten(before, now)).toBe(true))
})

describe('the age of an epoch', () => {
  // Epoch 2 from T0 + 200, epoch 1 from T0 + 100 until then.
  const history: StatusHistory = [epoch(2), epoch(1, { supersededAt: epoch(2).publishedAt })]
  const rule = { maxAge: 1000, grace: 600, tolerance: 60 }
  const judge = (number: number, now: number, changes: Partial<typeof rule> = {}) =>
    judgeEpoch(history, number, { now: T0 + now, ...rule, ...changes })

  test.each([
    ['the newest, from the tolerance before it was published', 2, 200 - 60, 'ACCEPTED'],
    ['a second earlier', 2, 200 - 61, 'UNKNOWN'],
    ['the newest, at its greatest age', 2, 200 + 1000 + 60, 'ACCEPTED'],
    ['a second later', 2, 200 + 1000 + 61, 'STALE'],
    ['one superseded, to the end of its grace', 1, 200 + 600, 'ACCEPTED'],
    ['a second later, one superseded', 1, 200 + 601, 'SUPERSEDED'],
    ['one that is not yet published', 3, 300, 'UNKNOWN'],
    ['one that the history no longer has', 0, 300, 'UNKNOWN'],
  ] as const)('%s', (_, number, now, verdict) => expect(judge(number, now)).toBe(verdict))

  test('a superseded epoch within its grace must be young enough too', () => {
    expect(judge(1, 100 + 500 + 60, { maxAge: 500 })).toBe('ACCEPTED')
    expect(judge(1, 100 + 500 + 61, { maxAge: 500 })).toBe('STALE')
  })
  test('without grace an epoch ends in the second of the next', () => {
    expect(judge(1, 200, { grace: 0 })).toBe('ACCEPTED')
    expect(judge(1, 201, { grace: 0 })).toBe('SUPERSEDED')
  })
})
