import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVerifier, schemaHash, type Verifier } from '../../../sdk/server.ts'
import {
  createTestWallet,
  INVALID_PRESENTATIONS,
  type InvalidPresentation,
  PERSON_SCHEMA,
  type TestWallet,
} from '../../../sdk/testing.ts'
import { codeOfAsync } from '../../expect-code.ts'

const directory = mkdtempSync(join(tmpdir(), 'touchstone-testing-'))
let wallet: TestWallet
let site: Verifier

const person = { issuers: ['https://issuer.example'], schema: schemaHash(PERSON_SCHEMA) }
const signIn = { type: 'login', id: 'login' } as const
const adult = {
  type: 'credential',
  id: 'adult',
  ...person,
  predicates: [{ op: '$lte', claim: 'birthDate', value: '2008-01-01' }],
} as const
const raffle = { type: 'action', id: 'raffle', ...person, predicates: [], action: 'spring' } as const
const fivePredicates = ['FI', 'DE', 'SE', 'IT', 'AT'].map(
  (value) => ({ op: '$ne', claim: 'residence', value }) as const,
)
const REQUESTS = {
  signIn,
  adult,
  raffle,
  both: { all: [signIn, adult] },
  twoCards: { all: [adult, { ...adult, id: 'again' }] },
  long: { ...adult, id: 'long', predicates: fivePredicates },
  either: { any: [signIn, raffle] },
}

beforeAll(async () => {
  wallet = await createTestWallet()
  site = await createVerifier({
    origin: 'http://shop.localhost:3000',
    requests: REQUESTS,
    data: directory,
    verification: { workers: 0 },
    ...wallet.options,
  })
})
afterAll(async () => {
  await site.close()
  rmSync(directory, { recursive: true })
})

describe('an honest wallet', () => {
  it('is believed, and its result is read once', async () => {
    const { code, cookie, returnUri } = await wallet.answer(site, 'both')
    expect(returnUri).toBe('http://shop.localhost:3000/')
    const { login, answers } = await site.getResult({ code, cookie })
    expect(login?.pseudonym).toMatch(/^\w+-\w+-\d\d$/)
    expect(Object.keys(answers)).toEqual(['login', 'adult'])
  })

  it('has no answer for whom a predicate is false, or whose credential is revoked', async () => {
    const child = wallet.newPerson({ claims: { birthDate: '2015-05-17' } })
    expect(await codeOfAsync(wallet.answer(site, 'adult', { person: child }))).toBe('cannot_satisfy')
    const other = wallet.newPerson()
    await wallet.answer(site, 'adult', { person: other })
    wallet.revoke(other)
    expect(await codeOfAsync(wallet.answer(site, 'adult', { person: other }))).toBe('credential_revoked')
    await wallet.answer(site, 'adult')
  })

  it('takes the way that the person can take', async () => {
    const child = wallet.newPerson({ claims: { birthDate: '2015-05-17' } })
    const { code, cookie } = await wallet.answer(site, 'either', { person: child })
    expect(Object.keys((await site.getResult({ code, cookie })).answers)).toEqual(['login'])
  })
})

describe('an invalid presentation', () => {
  const asked: Partial<Record<InvalidPresentation, keyof typeof REQUESTS>> = {
    part_unknown: 'adult',
    query_unanswered: 'both',
    device_mismatch: 'both',
    link_mismatch: 'twoCards',
    nullifier_mismatch: 'both',
    credential_mismatch: 'long',
    holder_untied: 'either',
    status_epoch_unknown: 'adult',
    disclosure_mismatch: 'adult',
    nullifier_used: 'raffle',
  }

  // Object.keys widens the keys it was given.
  for (const code of Object.keys(INVALID_PRESENTATIONS) as InvalidPresentation[]) {
    it(`is refused by ${code}`, async () => {
      const request = asked[code] ?? 'signIn'
      const somebody = wallet.newPerson()
      await expect(wallet.answer(site, request, { person: somebody, invalid: code })).rejects.toMatchObject({
        name: 'TouchstoneError',
        code,
      })
      await wallet.answer(site, request, { person: wallet.newPerson() })
    })
  }

  it('cannot be had of a request that leaves no room for it, and says what it needs', async () => {
    await expect(wallet.answer(site, 'signIn', { invalid: 'part_unknown' })).rejects.toThrow(
      'invalid: part_unknown needs a request with an item that is answered by a credential; signIn has none',
    )
  })
})
