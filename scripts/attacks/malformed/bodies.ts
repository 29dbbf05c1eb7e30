import { gzipSync } from 'node:zlib'
import { toBase64url } from '../../../src/protocol/bytes.ts'
import { FIELD_ORDER, parseField } from '../../../src/protocol/field.ts'
import type { SeededRandom } from '../random.ts'
import { PROOF_MUTATIONS } from './proofs.ts'

/** A valid presentation as it would be sent, of which one thing is to be made wrong. */
export type Valid = {
  readonly siteOrigin: string
  /** As JSON, with no space in it. */
  readonly text: string
  readonly proofs: readonly Uint8Array[]
}

export type Malformed = {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

type Mutation = (valid: Valid, random: SeededRandom) => Malformed

/** Values that stand where something else is wanted; as JSON, for some are no value of JavaScript. */
const STRANGERS = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '""',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '123456789012345678901234567890',
  '"0"',
  '"\\u0000"',
  '"\\ud800"',
  '"🜨"',
  '"ＡＢＣ"',
  '[[]]',
  '{"__proto__":{}}',
  '{"toString":1}',
  '"A"',
  `"${'A'.repeat(171)}="`,
  `"${'é'.repeat(43)}"`,
] as const

/** Members that no message has. */
const FOREIGN_MEMBERS = [
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'extra',
  'Version',
  'vers\\u0131on',
  '',
] as const

/** Each makes one kind of mistake, in a place that the seed picks. None leaves a presentation that could count. */
export const BODY_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a value of another type': (valid, random) => atValue(valid, random, (_, { pick }) => pick(STRANGERS)),
  'a member gone': ({ text }, { pick }) => {
    const value: unknown = JSON.parse(text)
    const [holder, name] = pick(membersOf(value))
    if (Array.isArray(holder)) holder.splice(Number(name), 1)
    else Reflect.deleteProperty(holder, name)
    return { body: JSON.stringify(value) }
  },
  'a member more': (valid, { pick }) => {
    const opening = pick([...valid.text.matchAll(/\{/g)].map(({ index }) => index))
    return inText(
      valid,
      opening + 1,
      opening + 1,
      `"${pick(FOREIGN_MEMBERS)}":1${valid.text[opening + 1] === '}' ? '' : ','}`,
    )
  },
  'a member twice, the second wrong': (valid, random) =>
    atMember(valid, random, (member, { pick }) => {
      const name = /^"[^"]*"/.exec(member)?.[0] ?? ''
      return `${member},${name}:${pick(STRANGERS)}`
    }),
  'a text of another length': (valid, random) =>
    atText(valid, random, (text, { pick }) =>
      pick([text.slice(1), text.slice(0, -1), `${text}A`, `A${text}`, `${text}==`]),
    ),
  'a text of another alphabet': (valid, random) =>
    atText(valid, random, (text, { below, pick }) => {
      const place = below(text.length)
      return `${text.slice(0, place)}${pick(['+', '/', '=', ' ', '.', 'ä', '\\u0000', '\\n', 'А'])}${text.slice(place + 1)}`
    }),
  'a number as 0x, decimal, padded or beyond r': (valid, random) =>
    atText(valid, random, (text, { pick }) => pick(SPELLINGS)(text), 43),
  'a text cut by bytes': (valid, { below }) => ({
    body: Buffer.from(valid.text).subarray(0, below(valid.text.length)),
  }),
  'a byte changed': (valid, { below }) => {
    const bytes = Buffer.from(valid.text)
    const place = below(bytes.length)
    bytes.writeUInt8(((bytes[place] ?? 0) + 1 + below(255)) & 0xff, place)
    return { body: bytes }
  },
  'a byte more': (valid, { below }) => {
    const place = below(valid.text.length)
    const byte = Uint8Array.of(0x80 | below(128))
    return {
      body: Buffer.concat([Buffer.from(valid.text.slice(0, place)), byte, Buffer.from(valid.text.slice(place))]),
    }
  },
  'nested deeply': (_, { below, pick }) => {
    const depth = 10 + below(4000)
    const [open, close] = pick([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const)
    return { body: `${open.repeat(depth)}1${pick([true, false]) ? close.repeat(depth) : ''}`.slice(0, 16_384) }
  },
  'nested where a value stands': (valid, random) =>
    atValue(valid, random, (_, { below }) => {
      const depth = 1 + below(1000)
      return `${'['.repeat(depth)}${']'.repeat(depth)}`
    }),
  'no presentation at all': (_, { pick }) => ({
    body: pick([
      '',
      ' ',
      '{}',
      '[]',
      'null',
      'true',
      '0',
      '"',
      '{',
      'version',
      '{"version":1}',
      '<x/>',
      'NaN',
      '[1,]',
      "{'a':1}",
    ]),
  }),
  'too large': (valid, { below }) => ({
    body: valid.text + ' '.repeat(16_384 - valid.text.length + 1 + below(50_000)),
  }),
  'another content type': (valid, { pick }) => ({
    headers: {
      'content-type': pick([
        'text/plain',
        'text/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-16',
        'application/jsonp',
        'application/json, text/plain',
        'APPLICATION/JSON; charset=latin1',
        '',
      ]),
    },
    body: valid.text,
  }),
  'another encoding': (valid, { pick }) =>
    pick<() => Malformed>([
      () => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(valid.text) }),
      () => ({ body: Buffer.from(valid.text, 'utf16le') }),
      () => ({ body: Buffer.from(`\u00ff${valid.text}`, 'latin1') }),
      () => ({ body: encodeURIComponent(valid.text) }),
      () => ({ body: Buffer.from(valid.text).toString('base64') }),
    ])(),
  'another sender': (valid, { pick }) => ({
    headers: {
      origin: pick([
        'null',
        'https://evil.example',
        'https://wallet.example.evil.example',
        'http://wallet.example',
        '*',
        '',
      ]),
    },
    body: valid.text,
  }),
  'another method': (valid, { pick }) => ({ method: pick(['GET', 'PUT', 'DELETE', 'PATCH']), body: valid.text }),
  'a session that is none': (valid, { pick }) => ({
    path: `/touchstone/sessions/${Array.from({ length: 22 }, () => pick([...'ABCabc019_-'])).join('')}/presentation`,
    body: valid.text,
  }),
  'no request for a session': (valid, { pick }) => ({
    path: '/touchstone/sessions',
    headers: { origin: valid.siteOrigin },
    body: pick([
      '',
      '{}',
      '{"request":1}',
      '{"request":"never"}',
      '{"request":"__proto__"}',
      '{"request":["signIn"]}',
      valid.text,
    ]),
  }),
  ...Object.fromEntries(
    Object.entries(PROOF_MUTATIONS).map(([name, mutate]): [string, Mutation] => [
      `proof: ${name}`,
      (valid, random) => {
        const proof = random.pick(valid.proofs)
        return { body: valid.text.replace(toBase64url(proof), toBase64url(mutate(proof, random))) }
      },
    ]),
  ),
}

/** Other ways to write a field element, none of them the one that counts. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => `0x${numberOf(text).toString(16)}`,
  (text) => numberOf(text).toString(),
  (text) => `0${numberOf(text)}`,
  (text) => Buffer.from((numberOf(text) + FIELD_ORDER).toString(16).padStart(64, '0'), 'hex').toString('base64url'),
  (text) =>
    Buffer.from(`ff${'f'.repeat(62)}`, 'hex')
      .toString('base64url')
      .slice(0, text.length),
  (text) => `${text}=`,
  (text) => Buffer.from(text, 'base64url').toString('hex'),
  (text) => Buffer.from(text, 'base64url').toString('base64'),
]

/** Of a text that is no field element, a hash such as the key set's, whatever it reads as. */
function numberOf(text: string): bigint {
  try {
    return parseField(text)
  } catch {
    return 1n
  }
}

type Change = (part: string, random: SeededRandom) => string

function inText({ text }: Valid, from: number, to: number, replacement: string): Malformed {
  return { body: text.slice(0, from) + replacement + text.slice(to) }
}

/** A value that is a text or a number. */
function atValue(valid: Valid, random: SeededRandom, change: Change): Malformed {
  return atMatch(valid, random, /(?<=:)(?:"[^"]*"|\d+)/g, change)
}

function atText(valid: Valid, random: SeededRandom, change: Change, length?: number): Malformed {
  const wanted = length === undefined ? '{43,171}' : `{${length}}`
  return atMatch(valid, random, new RegExp(`(?<=:")[\\w-]${wanted}(?=")`, 'g'), change)
}

/** A member whose value is a text or a number. */
function atMember(valid: Valid, random: SeededRandom, change: Change): Malformed {
  return atMatch(valid, random, /"[^"]*":(?:"[^"]*"|\d+)/g, change)
}

function atMatch(valid: Valid, random: SeededRandom, pattern: RegExp, change: Change): Malformed {
  const { 0: found, index } = random.pick([...valid.text.matchAll(pattern)])
  return inText(valid, index, index + found.length, change(found, random))
}

/** Every member of every object, and every item of every array, with what holds it. */
function membersOf(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [[value, name] as const, ...membersOf(member)])
}
