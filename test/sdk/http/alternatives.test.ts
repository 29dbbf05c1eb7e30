import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemaHash } from '../../../sdk/server.ts'
import { makeIssuer, PERSON_SCHEMA } from '../../fixtures/issuer.ts'
import { makePerson } from '../../fixtures/person.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'

type Site = Awaited<ReturnType<typeof openSimulatedSite>>
let site: Site

const ITEM = {
  issuers: [makeIssuer().metadata.origin],
  schema: schemaHash(PERSON_SCHEMA),
  predicates: [],
}
const RAFFLE = { ...ITEM, type: 'action', id: 'raffle', action: 'spring-raffle' } as const
const MEMBER = { ...ITEM, type: 'credential', id: 'member' } as const
const LOGIN = { type: 'login', id: 'login' } as const

/** Six predicates: two proofs, each of which discloses a claim. */
const SIX = {
  ...MEMBER,
  predicates: [
    { op: '$sd', claim: 'givenName' },
    { op: '$lte', claim: 'birthDate', value: '2000-01-01' },
    { op: '$gte', claim: 'birthDate', value: '1980-01-01' },
    { op: '$ne', claim: 'nationality', value: 'SE' },
    { op: '$sd', claim: 'familyName' },
    { op: '$in', claim: 'residence', values: ['DE', 'FR'] },
  ],
} as const

beforeAll(async () => {
  site = await openSimulatedSite({
    requests: {
      raffle: RAFFLE,
      either: { any: [LOGIN, RAFFLE, { all: [MEMBER, { ...LOGIN, id: 'again' }] }] },
      six: SIX,
    },
  })
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await site.close()
})

async function resultOf(request: string, options: Parameters<Site['ask']>[1]) {
  const { presentation, cookie } = await site.ask(request, options)
  const { code = '' } = await site.send(presentation)
  return site.verifier.getResult({ code, cookie })
}

describe('a request that may be answered in several ways', () => {
  it('gives what was answered and nothing of the rest', async () => {
    const signedIn = await resultOf('either', { items: ['login'] })
    expect(Object.keys(signedIn.answers)).toEqual(['login'])
    expect(signedIn.login).toBeDefined()
    const acted = await resultOf('either', { items: ['raffle'], person: makePerson({ issuer: site.issuer }) })
    expect(Object.keys(acted.answers)).toEqual(['raffle'])
    expect(acted.login).toBeUndefined()
    const joined = await resultOf('either', { items: ['member', 'again'] })
    expect(Object.keys(joined.answers)).toEqual(['member', 'again'])
  })

  it('is refused with none of them, or half of one', async () => {
    const { presentation } = await site.ask('either', { items: ['member'] })
    expect(await site.send(presentation)).toMatchObject({ status: 422, error: 'query_unanswered' })
  })

  it('uses up a once-only name where the act was answered, and not where it was only asked', async () => {
    const person = makePerson({ issuer: site.issuer })
    const again = async (request: string, items: string[]) =>
      site.send((await site.ask(request, { person, items })).presentation)
    expect(await again('either', ['login'])).toMatchObject({ status: 200 })
    expect(await again('either', ['raffle'])).toMatchObject({ status: 200 })
    expect(await again('raffle', ['raffle'])).toMatchObject({ status: 409, error: 'nullifier_used' })
    expect(await again('either', ['login'])).toMatchObject({ status: 200 })
  })
})

describe('an item of two proofs', () => {
  it('gives one answer with what both disclose', async () => {
    const { answers } = await resultOf('six', {})
    expect(Object.keys(answers)).toEqual(['member'])
    expect(answers.member).toMatchObject({ disclosed: { givenName: 'Ada', familyName: 'Example' } })
  })

  it('is refused with one of the two', async () => {
    const { presentation } = await site.ask('six')
    const answers = presentation.answers.slice(0, 1)
    expect(await site.send({ ...presentation, answers })).toMatchObject({ status: 422, error: 'query_unanswered' })
    expect(await site.send(presentation)).toMatchObject({ status: 200 })
  })
})
