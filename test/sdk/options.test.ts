import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../sdk/server/options.ts'
import type { VerifierOptions } from '../../sdk/server.ts'
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
  keySet: 'keys',
  issuers: ['https://issuer.example'],
  store: { path: 'data/touchstone.sqlite' },
  signingKey: { path: 'data/key.json' },
  requests: { signIn: { type: 'login', id: 'login' }, adult: CREDENTIAL },
}

/** What arrives from plain JavaScript: the types of the options are the point of the test. */
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
      allowDevelopmentKeys: false,
      storePath: 'data/touchstone.sqlite',
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
    ['a signing key without a path', { signingKey: {} }, /^signingKey\.path:/],
    ['a session too short', { sessionSeconds: 29 }, /^sessionSeconds:/],
    ['a session too long', { sessionSeconds: 601 }, /^sessionSeconds:/],
    ['a grace below zero', { statusGraceSeconds: -1 }, /^statusGraceSeconds:/],
    ['a grace too long', { statusGraceSeconds: 3601 }, /^statusGraceSeconds:/],
    ['a grace that is no whole number', { statusGraceSeconds: 0.5 }, /^statusGraceSeconds:/],
    ['a clock that is a time', { clock: new Date() }, /^clock:/],
    ['an option that does not exist', { alowDevelopmentKeys: true }, /unrecognized/],
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

  it('leaves issuers open where the site loads them itself', () => {
    expect(() => parseOptions(options({ issuers: async () => ({}) }))).not.toThrow()
  })
})
