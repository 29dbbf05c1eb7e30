import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { PROVER_ERROR_CODES } from '../../src/prover/prover-error.ts'
import en from '../../src/ui/messages/en.json' with { type: 'json' }
import { PAGE_ERROR_CODES } from '../../src/ui/page-error.ts'
import { TROUBLES, troubleOf } from '../../src/ui/words/troubles.ts'
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
  expect(Object.keys(TROUBLES).filter((code) => !text.includes(`'${code}'`))).toEqual([])
})

test('every text about a trouble is used by some code', () => {
  const { code: _code, detail: _detail, actions: _actions, ...texts } = en.trouble
  const used = new Set(Object.values(TROUBLES).map(({ words }) => words))
  expect(Object.keys(texts).filter((words) => !used.has(words as never))).toEqual([])
})

test('a code without a row falls back to words that point to Details', () => {
  expect(troubleOf('never_heard_of')).toEqual({ words: 'unknown', remedy: 'again' })
  expect(troubleOf('constructor')).toEqual({ words: 'unknown', remedy: 'again' })
})

test('a refusal is told by the detail of the other side, where that has words', () => {
  expect(troubleOf('site_refused', 'session_expired').words).toBe('site_session_over')
  expect(troubleOf('site_refused', 'proof_made_of_cheese').words).toBe('site_refused')
  expect(troubleOf('site_refused').words).toBe('site_refused')
  // The detail counts only where the other side has spoken.
  expect(troubleOf('site_unreachable', 'session_expired').words).toBe('site_unreachable')
})
