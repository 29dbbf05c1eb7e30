import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toWalletError, WALLET_ERROR_CODES, WalletError } from '../../src/wallet/wallet-error.ts'

const FOLDER = join(import.meta.dirname, '../../src/wallet')

test('the README lists exactly the codes there are', () => {
  const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8')
  const listed = [...readme.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code)
  expect(listed.sort()).toEqual([...WALLET_ERROR_CODES].sort())
})

test('every code is raised somewhere', () => {
  const sources = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts') && name !== 'wallet-error.ts')
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
    .join('\n')
  const made = (code: string) => sources.includes(`'${code}'`) || code === 'unexpected'
  expect(WALLET_ERROR_CODES.filter((code) => !made(code))).toEqual([])
})

test('codes of our own come through, those of the platform do not', () => {
  const own = Object.assign(new Error('no'), { code: 'prf_mismatch' })
  expect(toWalletError(own)).toMatchObject({ code: 'prf_mismatch', shared: 'nothing', cause: own })
  expect(toWalletError(Object.assign(new Error('no'), { code: 'ENOENT' })).code).toBe('unexpected')
  expect(toWalletError(new DOMException('stopped', 'AbortError'), 'maybe')).toMatchObject({
    code: 'user_cancelled',
    shared: 'maybe',
  })
})

test('what may have been shared is never taken back', () => {
  const sent = new WalletError('site_refused', 'no', { shared: 'maybe', detail: 'challenge_used' })
  expect(toWalletError(sent)).toBe(sent)
  const before = new WalletError('site_refused', 'no', { detail: 'busy', retryable: true })
  const { code, detail, retryable } = before
  expect(toWalletError(before, 'maybe')).toMatchObject({ code, detail, retryable, shared: 'maybe', cause: before })
})
