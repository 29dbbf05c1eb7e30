import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { PROVER_ERROR_CODES } from '../../src/prover/prover-error.ts'
import en from '../../src/ui/messages/en.json' with { type: 'json' }
import { PAGE_ERROR_CODES } from '../../src/ui/page-error.ts'
import {
  NAMED_ISSUER_TROUBLES,
  REFUSED_FOR_NOW,
  TROUBLES,
  type Trouble,
  troubleOf,
} from '../../src/ui/words/troubles.ts'
import { VAULT_ERROR_CODES } from '../../src/vault/error.ts'
import { WALLET_ERROR_CODES } from '../../src/wallet/wallet-error.ts'
import { WEBAUTHN_ERROR_CODES } from '../../src/webauthn/error.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Parts whose errors can reach a page; key set-up runs on servers only. */
const PARTS = ['protocol', 'prover', 'vault', 'verifier', 'wallet', 'webauthn'].map((part) => `src/${part}`)

/** Codes as they are thrown: the first argument of an error, and the code that parse() throws. */
function thrownCodes(): Set<string> {
  const patterns = [/new \w*Error\(\s*'([a-z0-9_]+)'/g, /\bparse\w*\([^;]*?'([a-z0-9_]+_invalid)'/g]
  const texts = PARTS.flatMap(sources)
  return new Set(
    patterns.flatMap((pattern) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code ?? ''))),
  )
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

test('every code that a part throws has words', () => {
  const listed = [
    ...WALLET_ERROR_CODES,
    ...VAULT_ERROR_CODES,
    ...WEBAUTHN_ERROR_CODES,
    ...PROVER_ERROR_CODES,
    ...PAGE_ERROR_CODES,
  ]
  const codes = new Set([...listed, ...thrownCodes()])
  expect(codes.size).toBeGreaterThan(90)
  expect([...codes].filter((code) => !Object.hasOwn(TROUBLES, code))).toEqual([])
})

test('the scan sees codes of both forms', () => {
  const codes = thrownCodes()
  expect(codes).toContain('request_signature')
  expect(codes).toContain('offer_invalid')
})

test('no words for a code that nobody gives', () => {
  const text = [...PARTS, 'src/ui', 'sdk', 'server']
    .flatMap(sources)
    .filter((source) => !source.includes('export const TROUBLES'))
    .join('\n')
  const told = [...Object.keys(TROUBLES), ...Object.keys(NAMED_ISSUER_TROUBLES)]
  expect(told.filter((code) => !text.includes(`'${code}'`))).toEqual([])
})

test('every text about a trouble is used by some code', () => {
  const { code: _code, detail: _detail, issuer: _issuer, names: _names, actions: _actions, ...texts } = en.trouble
  const used = new Set(
    [TROUBLES, NAMED_ISSUER_TROUBLES, [REFUSED_FOR_NOW]].flatMap(Object.values<Trouble>).map(({ words }) => words),
  )
  expect(Object.keys(texts).filter((words) => !used.has(words as never))).toEqual([])
})

test('a code without a row falls back to words that point to Details', () => {
  expect(trouble('never_heard_of')).toEqual({ words: 'unknown', remedy: 'again' })
  expect(trouble('constructor')).toEqual({ words: 'unknown', remedy: 'again' })
})

test('a refusal is told by the detail of the other side, where that has words', () => {
  expect(trouble('site_refused', { detail: 'session_expired' }).words).toBe('site_session_over')
  expect(trouble('site_refused', { detail: 'proof_made_of_cheese' }).words).toBe('site_refused')
  expect(trouble('site_refused').words).toBe('site_refused')
  // The detail counts only where the other side has spoken.
  expect(trouble('site_unreachable', { detail: 'session_expired' }).words).toBe('site_unreachable')
})

test('a refusal of which the site says that another try may do can be tried again, unless its code says otherwise', () => {
  expect(trouble('site_refused', { detail: 'busy', retryable: true })).toBe(REFUSED_FOR_NOW)
  expect(trouble('site_refused', { detail: 'busy' }).remedy).toBe('leave')
  expect(trouble('site_refused', { retryable: true })).toBe(REFUSED_FOR_NOW)
  expect(trouble('site_refused', { detail: 'session_expired', retryable: true }).remedy).toBe('leave')
  expect(trouble('site_refused', { detail: 'status_list_superseded' }).remedy).toBe('again')
})

test('where a site names the issuer, it is not told as the trouble of an offer', () => {
  const origin = parseOrigin('https://id.calder.example')
  for (const code of Object.keys(NAMED_ISSUER_TROUBLES)) {
    expect(trouble(code, { origin })).toBe(NAMED_ISSUER_TROUBLES[code])
    expect(trouble(code)).toBe(TROUBLES[code])
  }
  expect(trouble('status_list_stale', { origin }).words).toBe('list_old')
})

function trouble(code: string, error: { detail?: string; retryable?: boolean; origin?: Origin } = {}): Trouble {
  const { detail, retryable = false, origin } = error
  return troubleOf({ code, detail, retryable, origin })
}
