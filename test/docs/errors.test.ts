import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ISSUER_REFUSALS } from '../../server/issuer/issuer-error.ts'
import { SERVICE_ERROR_CODES } from '../../server/service/service-error.ts'
import { PAGE_ERROR_CODES } from '../../src/ui/page-error.ts'
import { VAULT_ERROR_CODES } from '../../src/vault/index.ts'
import { VERIFIER_POOL_ERROR_CODES } from '../../src/verifier/node/pool-error.ts'
import { VERIFIER_ERROR_CODES } from '../../src/verifier/verifier-error.ts'
import { WALLET_ERROR_CODES } from '../../src/wallet/index.ts'
import { WEBAUTHN_ERROR_CODES } from '../../src/webauthn/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')

/** The page and every page that it names. */
const pages = [
  page,
  ...[...page.matchAll(/\]\(\.\.\/([^)]+\.md)\)/g)].map((match) => readFileSync(join(ROOT, match[1] ?? ''), 'utf8')),
].join('\n')

function protocolCodes(): string[] {
  const folder = join(ROOT, 'src/protocol')
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  const pattern = /new ProtocolError\(\s*'([a-z0-9_]+)'|\bparse\(\w+, \w+, '([a-z_]+)'/g
  return sources.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(pattern)].map((match) => match[1] ?? match[2] ?? ''),
  )
}

/** Codes of errors that have no list: given where they are thrown, or fixed by their class. */
function thrownCodes(folder: string): string[] {
  const pattern = /new \w*Error\(\s*'([a-z0-9_]+)'|\bcode = '([a-z0-9_]+)'/g
  const found = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? ''))
  return [...new Set(found)]
}

test.each([
  ['protocol', [...new Set(protocolCodes())], 30],
  ['security keys', WEBAUTHN_ERROR_CODES, 8],
  ['vault', VAULT_ERROR_CODES, 12],
  ['wallet', WALLET_ERROR_CODES, 20],
  ['issuer', Object.keys(ISSUER_REFUSALS), 12],
  ['pages', PAGE_ERROR_CODES, 2],
  ['service', Object.keys(SERVICE_ERROR_CODES), 5],
  ['servers', thrownCodes('server'), 10],
  ['commands', thrownCodes('scripts'), 4],
  ['proving keys', thrownCodes('src/proving-key'), 7],
  ['key set-up', thrownCodes('src/setup'), 8],
  ['verifier', VERIFIER_ERROR_CODES, 6],
  ['verifier pool', VERIFIER_POOL_ERROR_CODES, 5],
] as const)('every code of the %s is documented', (_, codes, atLeast) => {
  expect(codes.length).toBeGreaterThanOrEqual(atLeast)
  expect(codes.filter((code) => !pages.includes(`\`${code}\``))).toEqual([])
})

test('every code of the protocol has a row of its own', () => {
  const formats = page.slice(page.indexOf('## Formats'), page.indexOf('## Verification keys'))
  const missing = protocolCodes().filter((code) => !formats.includes(`\n| \`${code}\` |`))
  expect(missing).toEqual([])
})

test('the page names no code that is gone', () => {
  const rows = [...page.matchAll(/^\| (`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*) \|/gm)]
  const named = rows.flatMap((row) => (row[1] ?? '').replaceAll('`', '').split(', '))
  const known = new Set<string>([
    ...protocolCodes(),
    ...WEBAUTHN_ERROR_CODES,
    ...VAULT_ERROR_CODES,
    ...Object.keys(ISSUER_REFUSALS),
    ...Object.keys(SERVICE_ERROR_CODES),
    ...PAGE_ERROR_CODES,
    ...VERIFIER_ERROR_CODES,
    ...VERIFIER_POOL_ERROR_CODES,
    ...thrownCodes('server'),
    ...thrownCodes('scripts'),
  ])
  expect(named.length).toBeGreaterThan(60)
  expect(named.filter((code) => !known.has(code))).toEqual([])
})
