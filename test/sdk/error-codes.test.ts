import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withErrorTable } from '../../scripts/sdk/write-error-table.ts'
import { httpStatusOf, SERVER_ERROR_CODES } from '../../sdk/server/error-codes.ts'
import { PRESENTATION_STATUSES } from '../../src/verifier/status.ts'

describe('error codes', () => {
  it('are each used once', () => {
    const codes = [...Object.keys(SERVER_ERROR_CODES), ...Object.values(PRESENTATION_STATUSES).map(({ code }) => code)]
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('of refused presentations are their statuses in small letters', () => {
    for (const [status, { code }] of Object.entries(PRESENTATION_STATUSES)) expect(code).toBe(status.toLowerCase())
  })

  it('of requests are 4xx, but where the server itself cannot', () => {
    for (const { code } of Object.values(PRESENTATION_STATUSES)) expect(Math.floor(httpStatusOf(code) / 100)).toBe(4)
    expect(httpStatusOf('unheard_of')).toBe(500)
  })

  it('are all in the README, as they are in the code', () => {
    const readme = readFileSync(new URL('../../sdk/README.md', import.meta.url), 'utf8')
    expect(withErrorTable(readme) === readme, 'run npm run errors').toBe(true)
    expect(readme).toContain('| `session_expired` | 410 | yes | `touchstone.session_expired` | ')
  })
})
