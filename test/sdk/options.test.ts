import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../sdk/server/parse-options.ts'
import type { VerifierOptions } from '../../sdk/server.ts'
import { parseDay } from '../../src/protocol/day.ts'
import { codeOf } from '../expect-code.ts'

const CREDENTIAL = {
  type: 'credential',
  id: 'adult',
  issuers: ['https://issuer.example'],
  schema: 'S'.repeat(43),
  predicates: [{ op: '$lte', claim: 'birthDate', value: '2008-03-01' }],
}

const GOOD = {
  origin: 'https://wine.example',
  walletOrigin: 'https://wallet.example',
  keySets: ['keys'],
  issuers: ['https://issuer.example'],
  requests: { signIn: { type: 'login', id: 'login' }, adult: CREDENTIAL },
}

/** What arrives from plain JavaScript; the cast, for many cases are of no type that the options have. */
function options(changes: object): VerifierOptions {
  return { ...GOOD, ...changes } as unknown as VerifierOptions
}

function messageOf(changes: object, code = 'option_invalid'): string {
  try {
    parseOptions(options(changes))
  } catch (error) {
    expect(
      codeOf(() => {
        throw error
      }),
    ).toBe(code)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('the options were accepted')
}

describe('parseOptions', () => {
  it('takes good options and fills in the rest', () => {
    const config = parseOptions(options({}))
    expect(config).toMatchObject({
      sessionSeconds: 120,
      statusGraceSeconds: 600,
      visitSeconds: 43_200,
      allowDevelopmentKeys: false,
      mode: 'production',
      data: 'touchstone',
      store: { path: 'touchstone/touchstone.sqlite' },
      signingKey: { path: 'touchstone/signing-key.json' },
      knownIssuers: ['https://issuer.example'],
    })
    expect([...config.requests.keys()]).toEqual(['signIn', 'adult'])
    expect(config.requests.get('signIn')?.returnPath).toBe('/')
  })

  const wrong: [string, object, RegExp][] = [
    ['an origin with a path', { origin: 'https://wine.example/' }, /^origin:/],
    ['an origin without https', { origin: 'http://wine.example' }, /^origin:/],
    ['no wallet', { walletOrigin: undefined }, /^walletOrigin:/],
    ['the wallet at the site’s own origin', { walletOrigin: GOOD.origin }, /^walletOrigin:/],
    ['no issuers where a query names one', { issuers: [] }, /^requests\.adult: https:\/\/issuer\.example/],
    ['an issuer that is no origin', { issuers: ['issuer.example'] }, /^issuers/],
    ['a store that is a text', { store: 'x.sqlite' }, /^store:/],
    ['a store of another database', { store: { url: 'mysql://localhost' } }, /^store:/],
    ['a store in two places', { store: { path: 'x.sqlite', url: 'postgres://localhost/x' } }, /^store:/],
    ['a signing key without a path', { signingKey: {} }, /^signingKey:/],
    ['a data folder without a name', { data: '' }, /^data:/],
    ['a mode that there is not', { mode: 'test' }, /^mode:/],
    ['no key sets where they must be named', { keySets: undefined }, /^keySets:/],
    ['an empty list of key sets', { keySets: [] }, /^keySets:/],
    ['a key set that is a number', { keySets: [1] }, /^keySets:/],
    ['development keys in production', { allowDevelopmentKeys: true }, /^allowDevelopmentKeys:/],
    ['http in production', { origin: 'http://wine.localhost:4403', mode: 'production' }, /^origin: must be https/],
    [
      'a wallet on http in production',
      { walletOrigin: 'http://wallet.localhost:4400' },
      /^walletOrigin: must be https/,
    ],
    ['a visit too short', { visitSeconds: 59 }, /^visitSeconds:/],
    ['threads by half', { verification: { workers: 1.5 } }, /^verification:/],
    ['a queue too short for one presentation', { verification: { queueLimit: 15 } }, /^verification:/],
    ['a verifier that verifies nothing', { verification: 'pool' }, /^verification:/],
    ['an event listener that is none', { onEvent: {} }, /^onEvent:/],
    [
      'an option of verification that does not exist',
      { verification: { worker: 2 } },
      /^verification\.worker:.*mean verification\.workers\?/,
    ],
    ['an option by its name of before', { keySet: 'keys' }, /^keySet: there is no such option; did you mean keySets\?/],
    ['a request whose name is a path', { requests: { 'a/b': CREDENTIAL } }, /^requests\.a\/b:/],
    ['a session too short', { sessionSeconds: 29 }, /^sessionSeconds:/],
    ['a session too long', { sessionSeconds: 601 }, /^sessionSeconds:/],
    ['a grace below zero', { statusGraceSeconds: -1 }, /^statusGraceSeconds:/],
    ['a grace too long', { statusGraceSeconds: 3601 }, /^statusGraceSeconds:/],
    ['a grace that is no whole number', { statusGraceSeconds: 0.5 }, /^statusGraceSeconds:/],
    ['a clock that is a time', { clock: new Date() }, /^clock:/],
    [
      'an option that does not exist',
      { alowDevelopmentKeys: true },
      /^alowDevelopmentKeys: .*did you mean allowDevelopmentKeys\?/,
    ],
    ['no requests', { requests: {} }, /^requests:/],
    ['a query of another form', { requests: { adult: { type: 'login' } } }, /^requests\.adult/],
    ['a query that is missing', { requests: { adult: undefined } }, /^requests\.adult/],
    [
      'an issuer beyond those named',
      { issuers: ['https://other.example'] },
      /^requests\.adult: https:\/\/issuer\.example/,
    ],
    ['a function that gives no query', { requests: { adult: () => ({}) } }, /^requests\.adult/],
    [
      'a return to another site',
      { requests: { a: { query: CREDENTIAL, returnPath: '//evil.example' } } },
      /^requests\.a/,
    ],
    ['a return with a fragment', { requests: { a: { query: CREDENTIAL, returnPath: '/#x' } } }, /^requests\.a/],
    ['two items of one name', { requests: { a: { all: [CREDENTIAL, CREDENTIAL] } } }, /^requests\.a/],
  ]
  for (const [what, changes, message] of wrong) {
    it(`names the option: ${what}`, () => {
      expect(messageOf(changes)).toMatch(message)
    })
  }

  const LOGIN = { type: 'login', id: 'login' }
  const ACT = { ...CREDENTIAL, id: 'act', action: 'spring-raffle' }

  it('refuses a login beside a once-only act, unless a credential ties the two', () => {
    for (const type of ['action', 'vote']) {
      const untied = { all: [LOGIN, { ...ACT, type }] }
      expect(messageOf({ requests: { a: untied } }, 'query_invalid')).toMatch(/^requests\.a: .*two persons/)
      expect(messageOf({ requests: { a: () => untied } }, 'query_invalid')).toMatch(/^requests\.a: .*two persons/)
      const tied = { all: [...untied.all, CREDENTIAL] }
      expect(() => parseOptions(options({ requests: { a: tied } }))).not.toThrow()
    }
  })

  it('asks the same of each way to answer, and only of ways', () => {
    const act = { ...ACT, type: 'action' }
    expect(() => parseOptions(options({ requests: { a: { any: [LOGIN, act] } } }))).not.toThrow()
    const untied = { any: [CREDENTIAL, { all: [LOGIN, act] }] }
    expect(messageOf({ requests: { a: untied } }, 'query_invalid')).toMatch(/^requests\.a: .*two persons/)
    const crossed = { all: [{ any: [LOGIN, CREDENTIAL] }, act] }
    expect(messageOf({ requests: { a: crossed } }, 'query_invalid')).toMatch(/^requests\.a: .*two persons/)
  })

  it('refuses one once-only act twice in one way to answer, by the names of the items', () => {
    for (const type of ['action', 'vote']) {
      const act = { ...ACT, type }
      const twice = [act, { ...act, id: 'again' }]
      const refused = /^requests\.a: act and again are both the (action|vote) "spring-raffle"/
      expect(messageOf({ requests: { a: { all: twice } } }, 'query_invalid')).toMatch(refused)
      const crossed = { all: [{ any: [CREDENTIAL, act] }, { ...act, id: 'again' }] }
      expect(messageOf({ requests: { a: crossed } }, 'query_invalid')).toMatch(refused)
      const accepted = [
        { any: twice },
        { all: [act, { ...act, id: 'again', action: 'autumn-raffle' }] },
        { all: [act, { ...act, id: 'again', type: type === 'vote' ? 'action' : 'vote' }] },
      ]
      for (const query of accepted) expect(() => parseOptions(options({ requests: { a: query } }))).not.toThrow()
    }
  })

  it('takes a grace of none and of an hour', () => {
    for (const statusGraceSeconds of [0, 3600]) {
      expect(parseOptions(options({ statusGraceSeconds }))).toMatchObject({ statusGraceSeconds })
    }
  })

  it('never repeats what may be a secret', () => {
    const password = 'hunter2'
    for (const changes of [{ store: { url: password } }, { signingKey: { json: '', [password]: 1 } }]) {
      expect(messageOf(changes)).not.toContain(password)
    }
    expect(messageOf({ sessionSeconds: 29 })).toBe('sessionSeconds: must be a whole number from 30 to 600; not this 29')
  })

  it('takes development by http, and a key set of the wallet’s own there', () => {
    const local = { origin: 'http://wine.localhost:4403', walletOrigin: 'http://wallet.localhost:4400' }
    expect(parseOptions(options({ ...local, keySets: undefined }))).toMatchObject({ mode: 'development' })
    const chosen = parseOptions(options({ keySets: undefined, mode: 'development', allowDevelopmentKeys: true }))
    expect(chosen).toMatchObject({ allowDevelopmentKeys: true, keySets: undefined })
  })

  it('takes the issuers that the requests name, where none are listed', () => {
    expect(parseOptions(options({ issuers: undefined })).knownIssuers).toEqual(['https://issuer.example'])
    expect(parseOptions(options({ issuers: async () => ({}) })).knownIssuers).toBeUndefined()
  })

  it('takes issuers on http in development alone', () => {
    const requests = { adult: { ...CREDENTIAL, issuers: ['http://issuer.localhost:4401'] } }
    const mode = 'development'
    for (const issuers of [undefined, ['http://issuer.localhost:4401'], async () => ({})]) {
      expect(parseOptions(options({ issuers, requests, mode }))).toMatchObject({ mode })
    }
    expect(messageOf({ issuers: undefined, requests })).toMatch(/^requests\.adult: http:.*https in production/)
    expect(messageOf({ issuers: async () => ({}), requests })).toMatch(/^requests\.adult: http:.*https in production/)
    const listed = [...GOOD.issuers, 'http://issuer.localhost:4401']
    expect(messageOf({ issuers: listed })).toMatch(/^issuers: http:.*https in production/)
  })

  it('makes dates of years on the day it is asked on', () => {
    const value = { yearsAgo: 18 }
    const aged = { ...CREDENTIAL, predicates: [{ op: '$lte', claim: 'birthDate', value }] }
    const between = {
      ...aged,
      id: 'range',
      predicates: [{ op: '$between', claim: 'birthDate', from: { yearsAgo: 30 }, to: value }],
    }
    const { requests } = parseOptions(options({ requests: { a: { all: [aged, { any: [between] }] } } }))
    const asked = (day: string) => JSON.stringify(requests.get('a')?.query(parseDay(day)))
    expect(asked('2026-02-28')).toContain('"value":"2008-02-28"')
    expect(asked('2026-03-01')).toContain('"from":"1996-03-01","to":"2008-03-01"')
    expect(asked('2024-02-29')).toContain('"value":"2006-02-28"')
    for (const wrong of [
      { yearsAgo: -1 },
      { yearsAgo: 121 },
      { yearsAgo: 1.5 },
      { yearsAgo: '18' },
      { yearsAgo: 18, more: 1 },
    ]) {
      const query = { ...aged, predicates: [{ op: '$lte', claim: 'birthDate', value: wrong }] }
      expect(messageOf({ requests: { a: query } })).toMatch(/^requests\.a: value of a predicate/)
    }
  })

  it.each([
    [
      'a list that is none',
      { ...CREDENTIAL, issuers: 'https://issuer.example' },
      /^requests\.a\.issuers: must be a list of/,
    ],
    [
      'a slash too many',
      { ...CREDENTIAL, issuers: ['https://issuer.example/'] },
      /^requests\.a\.issuers\.0: must be .*no slash/,
    ],
    ['another type', { type: 'signin', id: 'a' }, /^requests\.a\.type: must be "login", /],
    ['no query', 'login', /^requests\.a: must be a query, such as login\(\)$/],
    ['a member that does not exist', { ...CREDENTIAL, more: 1 }, /^requests\.a: there is no such member: more$/],
    [
      'an item of a list',
      { all: [CREDENTIAL, { type: 'login', id: 'A' }] },
      /^requests\.a\.all\.1\.id: must be a lower/,
    ],
    [
      'a path elsewhere',
      { query: CREDENTIAL, returnPath: '//x' },
      /^requests\.a\.returnPath: must be a path of this site$/,
    ],
    ['one id twice', { all: [CREDENTIAL, CREDENTIAL] }, /^requests\.a: at most 8 items/],
  ])('says where a query is wrong, and what is wanted there: %s', (_, query, message) => {
    expect(messageOf({ requests: { a: query } })).toMatch(message)
  })

  it('gives the same query for the same day, so that what is computed from it can be kept', () => {
    const { requests } = parseOptions(options({}))
    const [today, tomorrow] = [parseDay('2026-03-01'), parseDay('2026-03-02')]
    const query = requests.get('adult')?.query
    expect(query?.(today)).toBe(query?.(today))
    expect(query?.(tomorrow)).not.toBe(query?.(today))
  })

  it('leaves issuers open where the site loads them itself', () => {
    expect(() => parseOptions(options({ issuers: async () => ({}) }))).not.toThrow()
  })
})
