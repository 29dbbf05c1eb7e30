import { fromBase64url, toBase64url } from '../../src/protocol/bytes.ts'
import { FIELD_ORDER, parseField } from '../../src/protocol/field.ts'
import { MAX_PRESENTATION_BYTES } from '../../src/protocol/presentation.ts'
import type { Sending } from './site/client.ts'
import type { WirePresentation } from './site/deployment.ts'

type Spelling = (presentation: WirePresentation) => Sending

/** Twelve ways to send the same presentation: whoever takes one takes them all, and as one and the same. */
export const ENCODINGS: Readonly<Record<string, Spelling>> = {
  'as wallets write it': (presentation) => ({ body: json(presentation) }),
  'members in reverse': (presentation) => ({ body: json(reversed(presentation)) }),
  indented: (presentation) => ({ body: Buffer.from(JSON.stringify(presentation, null, 2)) }),
  'all kinds of white space': (presentation) => ({
    body: Buffer.from(JSON.stringify(presentation, null, 1).replaceAll('\n', '\r\n\t ')),
  }),
  'texts escaped': (presentation) => ({ body: Buffer.from(escapeTexts(JSON.stringify(presentation))) }),
  'slashes escaped': (presentation) => ({ body: Buffer.from(JSON.stringify(presentation).replaceAll('/', '\\/')) }),
  'numbers otherwise': (presentation) => ({
    body: Buffer.from(JSON.stringify(presentation).replace(/:(\d+)(?=[,}])/g, ':$1.0e0')),
  }),
  'a member twice': (presentation) => ({
    body: Buffer.from(JSON.stringify(presentation).replace('{', '{"version":7,"answers":[],')),
  }),
  'blanks up to the limit': (presentation) => ({
    body: Buffer.from(JSON.stringify(presentation).padEnd(MAX_PRESENTATION_BYTES)),
  }),
  'a charset': (presentation) => ({
    body: json(presentation),
    headers: { 'content-type': 'Application/JSON;  charset=UTF-8' },
  }),
  'in chunks of seven bytes': (presentation) => ({ body: json(presentation), chunkBytes: 7 }),
  'blanks before': (presentation) => ({ body: Buffer.concat([Buffer.from('\t \r\n'), json(presentation)]) }),
}

/** The same values, spelt as no wallet may: each is refused by this code. */
export const FOREIGN_SPELLINGS: Readonly<Record<string, { readonly spell: Spelling; readonly code: string }>> = {
  'padded base64url': malformed((text) => `${text}=`),
  'base64 of the other alphabet': {
    code: 'presentation_invalid',
    spell: (presentation) => ({ body: inAnswer(presentation, 'proof', (text) => otherAlphabet(text)) }),
  },
  'a 0x number': malformed((text) => `0x${parseField(text).toString(16)}`),
  'a decimal number': malformed((text) => parseField(text).toString()),
  'leading zeros': malformed((text) => `A${text}`),
  'leading zero bytes': malformed((text) => toBase64url(Uint8Array.of(0, ...fromBase64url(text)))),
  'loose last bits': malformed((text) => withLooseBits(text)),
  'blanks around': malformed((text) => ` ${text}`),
  'the number plus r': malformed((text) => toBase64url(bigEndian(parseField(text) + FIELD_ORDER))),
  'a number, not a text': {
    code: 'presentation_invalid',
    spell: (presentation) => ({ body: json({ ...presentation, walletNonce: 7 }) }),
  },
  'another charset': {
    code: 'content_type_invalid',
    spell: (presentation) => ({
      body: Buffer.from(JSON.stringify(presentation), 'utf16le'),
      headers: { 'content-type': 'application/json; charset=utf-16' },
    }),
  },
  'a byte order mark': {
    code: 'body_invalid',
    spell: (presentation) => ({ body: Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), json(presentation)]) }),
  },
  'a member more': {
    code: 'presentation_invalid',
    spell: (presentation) => ({ body: json({ ...presentation, comment: '' }) }),
  },
}

/** The nullifier spelt otherwise. */
function malformed(spell: (text: string) => string) {
  return {
    code: 'presentation_invalid',
    spell: (presentation: WirePresentation) => ({ body: inAnswer(presentation, 'nullifier', spell) }),
  }
}

function inAnswer(presentation: WirePresentation, member: 'nullifier' | 'proof', spell: (text: string) => string) {
  const answers = presentation.answers.map((answer) => ({ ...answer, [member]: spell(answer[member]) }))
  return json({ ...presentation, answers })
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

/** Every character of every text, names among them, by its number. */
function escapeTexts(text: string): string {
  return text.replace(/"([^"]*)"/g, (_, inner: string) => {
    const escaped = [...inner].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    return `"${escaped.join('')}"`
  })
}

/** A proof without - and _ is the same in both alphabets, and is given one of the other's all the same. */
function otherAlphabet(text: string): string {
  const other = text.replaceAll('-', '+').replaceAll('_', '/')
  return other === text ? `+${text.slice(1)}` : other
}

/** 43 characters hold two bits more than 32 bytes. */
function withLooseBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.slice(-1)) + 1]}`
}

function bigEndian(value: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}
