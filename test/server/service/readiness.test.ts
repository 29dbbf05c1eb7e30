import { expect, it } from 'vitest'
import { inTime } from '../../../sdk/server/health.ts'
import type { Health } from '../../../sdk/server.ts'
import { readReadiness } from '../../../server/service/readiness.ts'
import { parseOrigin } from '../../../src/protocol/origin.ts'

const issuer = parseOrigin('https://issuer.example')
const WELL: Health = {
  store: 'ok',
  issuers: [{ issuer, state: 'ok' }],
  keySet: 'A'.repeat(43),
  verification: { free: true, waiting: 0 },
}
const ALL_OK = { process: 'ok', database: 'ok', issuers: 'ok', verification: 'ok' }

it.each([
  ['all is well', {}, true, {}],
  ['the database fails', { store: 'failed' }, false, { database: 'failed' }],
  ['the database is late', { store: 'late' }, false, { database: 'late' }],
  ['an issuer is out of reach', { issuers: [{ issuer, state: 'failed' }] }, true, { issuers: 'failed' }],
  ['an issuer is late', { issuers: [{ issuer, state: 'late' }] }, true, { issuers: 'late' }],
  ['the queue is full', { verification: { free: false, waiting: 256 } }, false, { verification: 'full' }],
] as const)('where %s', async (_, change, ready, part) => {
  const verifier = { health: async (): Promise<Health> => ({ ...WELL, ...change }) }
  expect(await readReadiness(verifier, () => false)).toEqual({ ready, parts: { ...ALL_OK, ...part } })
})

it('is not ready while it stops', async () => {
  const readiness = await readReadiness({ health: async () => WELL }, () => true)
  expect(readiness).toEqual({ ready: false, parts: { ...ALL_OK, process: 'draining' } })
})

it('tells a part that fails from one that does not answer', async () => {
  expect(await inTime(Promise.resolve(true))).toBe('ok')
  expect(await inTime(Promise.resolve(false))).toBe('failed')
  expect(await inTime(Promise.reject(new Error('down')))).toBe('failed')
  expect(await inTime(new Promise(() => undefined), 1)).toBe('late')
})
