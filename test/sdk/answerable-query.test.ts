import { describe, expect, it } from 'vitest'
import { answerableQuery } from '../../sdk/server/answerable-query.ts'
import { createIssuerDirectory, type IssuerLoader } from '../../sdk/server/issuer-directory.ts'
import { createTellOnce } from '../../sdk/server/tell-once.ts'
import { type Query, queryShape } from '../../src/protocol/query.ts'
import { parseSchema, schemaHash } from '../../src/protocol/schema.ts'
import { codeOfAsync } from '../expect-code.ts'
import { FIRST_EPOCH_AT, loaderOf, makeIssuer, PERSON_SCHEMA, type TestIssuer } from '../fixtures/issuer.ts'

const OTHER_SCHEMA = parseSchema({ ...PERSON_SCHEMA, name: 'Pass' })
const LOGIN = { type: 'login', id: 'login' }

const issuer = makeIssuer({ keys: 15 })
const small = makeIssuer({ origin: 'https://small.example' })
const crowded = makeIssuer({ origin: 'https://crowded.example', keys: 2 })
const changed = makeIssuer({ origin: 'https://changed.example', keys: 16, schemas: [OTHER_SCHEMA] })

function credential(id: string, ...issuers: TestIssuer[]) {
  const schema = schemaHash(PERSON_SCHEMA)
  return { type: 'credential', id, issuers: issuers.map(({ metadata }) => metadata.origin), schema, predicates: [] }
}

/** A site that asks, and what its developer was told. */
function site(load: IssuerLoader = loaderOf(issuer, small, crowded, changed)) {
  const told: unknown[] = []
  const onError = (error: unknown) => told.push(error)
  const issuers = createIssuerDirectory({ load, now: () => 0, onError })
  const surroundings = { issuers, now: FIRST_EPOCH_AT, tellOnce: createTellOnce(onError) }
  return { told, ask: (query: unknown) => answerableQuery(surroundings, queryShape.parse(query)) }
}

/** The same query, as it is asked. */
const same = (query: unknown): Query => queryShape.parse(query)

describe('issuers with more keys than one proof holds', () => {
  const fits = credential('member', issuer, small)
  const crowd = credential('member', issuer, crowded)

  it('take away the way to answer that needs them, and no other', async () => {
    const { told, ask } = site()
    expect(await ask({ any: [LOGIN, fits] })).toEqual(same({ any: [LOGIN, fits] }))
    expect(told).toEqual([])
    expect(await ask({ any: [LOGIN, crowd] })).toEqual(same({ any: [LOGIN] }))
    expect(await ask({ any: [crowd, { ...fits, id: 'guest' }] })).toEqual(same({ any: [{ ...fits, id: 'guest' }] }))
    expect(told).toMatchObject([{ code: 'query_invalid', cause: { code: 'issuers_too_many' } }])
  })

  it('are refused where nothing else would do', async () => {
    const { told, ask } = site()
    expect(await codeOfAsync(ask({ all: [LOGIN, fits] }))).toBeUndefined()
    expect(await codeOfAsync(ask({ all: [LOGIN, crowd] }))).toBe('query_invalid')
    expect(told).toMatchObject([{ message: expect.stringMatching(/^member: /) }])
  })
})

describe('an issuer that does not publish the schema', () => {
  it('is left out, its keys with it, and told of once', async () => {
    const { told, ask } = site()
    expect(await ask(credential('member', issuer, small))).toEqual(same(credential('member', issuer, small)))
    expect(told).toEqual([])
    for (let session = 0; session < 2; session++) {
      expect(await ask(credential('member', issuer, changed))).toEqual(same(credential('member', issuer)))
    }
    expect(told).toMatchObject([
      { code: 'query_invalid', message: expect.stringMatching(/^member: https:\/\/changed\.example /) },
    ])
  })

  it('takes with it the ways to answer that have no other', async () => {
    const { ask } = site()
    const gone = credential('member', changed)
    expect(await ask({ any: [gone, credential('guest', small)] })).toEqual(same({ any: [credential('guest', small)] }))
    expect(await codeOfAsync(ask(gone))).toBe('query_invalid')
    expect(await codeOfAsync(ask({ all: [gone, LOGIN] }))).toBe('query_invalid')
  })

  it('is not the cause where another is out of reach, who may publish it', async () => {
    const { ask } = site(loaderOf(changed))
    expect(await codeOfAsync(ask(credential('member', changed, small)))).toBe('issuer_unreachable')
    expect(await codeOfAsync(ask({ any: [credential('member', changed), credential('guest', small)] }))).toBe(
      'issuer_unreachable',
    )
    expect(await codeOfAsync(ask(credential('member', changed)))).toBe('query_invalid')
  })
})

it('refuses predicates that do not fit the schema, though another way would do', async () => {
  const { told, ask } = site()
  const asking = (claim: string) => {
    const predicates = [{ op: '$exists', claim, value: true }]
    return ask({ any: [LOGIN, { ...credential('member', small), predicates }] })
  }
  expect(await codeOfAsync(asking('givenName'))).toBeUndefined()
  expect(await codeOfAsync(asking('firstName'))).toBe('query_invalid')
  expect(told).toEqual([])
})

describe('issuers that hang', () => {
  /** Both issuers answer when told to. */
  function hanging() {
    const { promise, resolve } = Promise.withResolvers<void>()
    const load: IssuerLoader = async (origin) => {
      if (origin !== issuer.metadata.origin) await promise
      return loaderOf(issuer, small)(origin)
    }
    return { ...site(load), answer: resolve }
  }

  it('are not waited for where a login would do, and the others are there', async () => {
    const { ask, answer } = hanging()
    const ways = { any: [LOGIN, credential('member', issuer), credential('guest', small)] }
    expect(await ask(ways)).toEqual(same({ any: [LOGIN, credential('member', issuer)] }))
    answer()
    expect(await ask(ways)).toEqual(same(ways))
  })

  it('are waited for where it would not', async () => {
    const { ask, answer } = hanging()
    const ways = { any: [{ all: [LOGIN, credential('member', issuer)] }, credential('guest', small)] }
    setTimeout(answer, 600)
    expect(await ask(ways)).toEqual(same(ways))
  })
})
