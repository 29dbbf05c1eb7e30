import { beforeAll, describe, expect, it } from 'vitest'
import { toDay } from '../../src/protocol/day.ts'
import { randomField, toField } from '../../src/protocol/field.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import type { Answer, Presentation } from '../../src/protocol/presentation.ts'
import { loadKeySet } from '../../src/verifier/key-set.ts'
import { verifyPresentation } from '../../src/verifier/verify-presentation.ts'
import { makeIssuer } from '../fixtures/issuer.ts'
import { makePerson } from '../fixtures/person.ts'
import { makePresentation } from '../fixtures/presentation.ts'
import { makeSimulatedKeySet } from '../fixtures/simulated-key-set.ts'
import { type Case, ISSUER, LOGIN, makeCase, OVER_18, TODAY } from './case.ts'

type PresentAnswer = Extract<Answer, { circuit: 'present-v1' }>

/** The presentation with some members of one answer changed. */
function withAnswer(presentation: Presentation, item: string, changes: object): Presentation {
  const answers = presentation.answers.map((answer) => (answer.item === item ? { ...answer, ...changes } : answer))
  return { ...presentation, answers }
}

/** What comes of a case if the epoch that was proved against had these keys. */
function withKeys({ person, statusOf }: Case, keys: readonly IssuerKey[]) {
  const history = person.issuer.status.history().map((epoch) => ({ ...epoch, keys }))
  return statusOf({ histories: () => history })
}

describe('a login', () => {
  let login: Case
  beforeAll(async () => {
    login = await makeCase(LOGIN)
  })

  it('is valid and gives name and device tag', () => {
    const [answer] = login.presentation.answers
    expect(verifyPresentation(login.input)).toEqual({
      status: 'VALID',
      answers: [
        {
          type: 'login',
          item: 'login',
          nullifier: answer?.nullifier,
          deviceTag: answer?.circuit === 'login-v1' && answer.deviceTag,
        },
      ],
    })
  })

  it('is refused for another session', () => {
    expect(login.statusOf({ presentation: { ...login.presentation, session: 'session-2' } })).toBe('SESSION_MISMATCH')
  })

  it('is refused under another key set than the request names', async () => {
    const other = await loadKeySet(makeSimulatedKeySet())
    expect(login.statusOf({ presentation: { ...login.presentation, keySet: other.hash } })).toBe('KEY_SET_MISMATCH')
    expect(login.statusOf({ keySet: other })).toBe('KEY_SET_MISMATCH')
  })

  it('is refused where the keys are others than their name says', async () => {
    const other = await loadKeySet(makeSimulatedKeySet())
    expect(login.statusOf({ keySet: { ...login.input.keySet, keys: other.keys } })).toBe('PROOF_INVALID')
  })

  it('is refused for an item that was not asked', () => {
    expect(login.statusOf({ presentation: withAnswer(login.presentation, 'login', { item: 'other' }) })).toBe(
      'ITEM_UNKNOWN',
    )
  })

  it('is refused twice in one presentation', () => {
    const { answers } = login.presentation
    expect(login.statusOf({ presentation: { ...login.presentation, answers: [...answers, ...answers] } })).toBe(
      'ITEM_REPEATED',
    )
  })

  it('is refused as the answer to a credential item', async () => {
    const adult = await makeCase(OVER_18)
    const [answer] = login.presentation.answers
    const answers = answer ? [{ ...answer, item: 'adult' }] : []
    expect(adult.statusOf({ presentation: { ...adult.presentation, answers } })).toBe('CIRCUIT_MISMATCH')
  })

  it('is refused with each value changed by one', () => {
    for (const name of ['nullifier', 'deviceTag', 'deviceCommitment'] as const) {
      const [answer] = login.presentation.answers
      if (answer?.circuit !== 'login-v1') throw new Error('expected a login')
      for (const step of [1n, -1n]) {
        const presentation = withAnswer(login.presentation, 'login', { [name]: toField(answer[name] + step) })
        expect(login.statusOf({ presentation })).toBe('PROOF_INVALID')
      }
    }
  })

  it('is refused with another proof, or none', async () => {
    const proof = Uint8Array.from(login.presentation.answers[0]?.proof ?? [])
    proof[0] = (proof[0] ?? 0) ^ 0x40
    expect(login.statusOf({ presentation: withAnswer(login.presentation, 'login', { proof }) })).toBe('PROOF_INVALID')
    expect(
      await login.statusOf({ presentation: withAnswer(login.presentation, 'login', { proof: new Uint8Array(128) }) }),
    ).toBe('PROOF_MALFORMED')
  })

  it('is refused at another site, and in another context', async () => {
    const request = { ...login.request, iss: parseOrigin('https://forum.example') }
    expect(login.statusOf({ request })).toBe('PROOF_INVALID')
    expect(login.statusOf({ context: toField(login.input.context + 1n) })).toBe('PROOF_INVALID')
  })
})

describe('a credential', () => {
  let adult: Case
  let answer: PresentAnswer
  beforeAll(async () => {
    adult = await makeCase(OVER_18)
    const [first] = adult.presentation.answers
    if (first?.circuit !== 'present-v1') throw new Error('expected a credential answer')
    answer = first
  })

  it('is valid and names the issuer that was accepted', () => {
    expect(verifyPresentation(adult.input)).toEqual({
      status: 'VALID',
      answers: [
        {
          type: 'credential',
          item: 'adult',
          nullifier: answer.nullifier,
          issuers: [ISSUER],
          schema: OVER_18.schema,
          disclosed: {},
        },
      ],
    })
  })

  it('is refused with each value changed by one', () => {
    for (const name of ['nullifier', 'link', 'credentialLink', 'deviceCommitment'] as const) {
      for (const step of [1n, -1n]) {
        const presentation = withAnswer(adult.presentation, 'adult', { [name]: toField(answer[name] + step) })
        expect(adult.statusOf({ presentation })).toBe('PROOF_INVALID')
      }
    }
  })

  it('is refused with another wallet nonce', () => {
    const presentation = { ...adult.presentation, walletNonce: toField(adult.presentation.walletNonce + 1n) }
    expect(adult.statusOf({ presentation })).toBe('PROOF_INVALID')
  })

  it('is refused on another day, and for another last day of issue', () => {
    for (const today of [toDay(TODAY - 1), toDay(TODAY + 1)]) {
      expect(adult.statusOf({ request: { ...adult.request, today } })).toBe('PROOF_INVALID')
      const query = { ...OVER_18, issuedBefore: today }
      expect(adult.statusOf({ request: { ...adult.request, query } })).toBe('PROOF_INVALID')
    }
    const query = { ...OVER_18, issuedBefore: TODAY }
    expect(adult.statusOf({ request: { ...adult.request, query } })).toBe('VALID')
  })

  it('is refused for another question', () => {
    const questions = [
      [{ op: '$lte', claim: 'birthDate', value: '2008-02-29' }],
      [{ op: '$gte', claim: 'birthDate', value: '2008-03-01' }],
      [{ op: '$gt', claim: 'birthDate', value: '2008-03-01' }],
      [],
      [...OVER_18.predicates, { op: '$exists', claim: 'birthPlace', value: false }],
    ] as const
    for (const predicates of questions) {
      const query = { ...OVER_18, predicates: [...predicates] }
      expect(adult.statusOf({ request: { ...adult.request, query } })).toBe('PROOF_INVALID')
    }
  })

  it('is refused as an action or a vote', () => {
    for (const type of ['action', 'vote'] as const) {
      const query = { ...OVER_18, type, action: 'spring' }
      expect(adult.statusOf({ request: { ...adult.request, query } })).toBe('PROOF_INVALID')
    }
  })

  it('is refused where no metadata of its issuers is at hand', () => {
    expect(adult.statusOf({ issuers: () => undefined })).toBe('ISSUER_UNKNOWN')
  })

  it('is refused where its issuer does not publish the schema', () => {
    const { metadata } = adult.person.issuer
    const schemas = metadata.schemas.map((schema) => ({ ...schema, name: 'Persona' }))
    expect(adult.statusOf({ issuers: () => ({ ...metadata, schemas }) })).toBe('SCHEMA_UNKNOWN')
  })

  it('is refused once its issuer has withdrawn the key', () => {
    expect(withKeys(adult, makeIssuer().metadata.keys)).toBe('PROOF_INVALID')
  })

  it('is refused where the validity of the key is another', () => {
    const { key } = adult.person.issuer
    expect(withKeys(adult, [{ ...key, notAfter: toDay(key.notAfter + 1) }])).toBe('PROOF_INVALID')
    expect(withKeys(adult, [key])).toBe('VALID')
  })

  it('hides among sixteen keys and not among more', async () => {
    const sixteen = await makeCase(OVER_18, { person: makePerson({ issuer: makeIssuer({ keys: 16 }) }) })
    expect(sixteen.statusOf({})).toBe('VALID')
    const { metadata } = sixteen.person.issuer
    expect(withKeys(sixteen, [...metadata.keys, makeIssuer().key])).toBe('ISSUER_KEYS_TOO_MANY')
  })

  it('names those that were accepted, and not which of them signed', async () => {
    const other = makeIssuer({ origin: 'https://other.example' })
    const query = { ...OVER_18, issuers: [other.metadata.origin, ISSUER, other.metadata.origin] }
    const { input, statusOf, person } = await makeCase(query, { others: [other] })
    expect(verifyPresentation(input)).toMatchObject({
      status: 'VALID',
      answers: [{ issuers: [other.metadata.origin, ISSUER] }],
    })
    // The list of any of them counts, and so does each of its keys.
    expect(statusOf({ issuers: (origin) => (origin === ISSUER ? person.issuer.metadata : undefined) })).toBe(
      'ISSUER_UNKNOWN',
    )
    const { status } = makeIssuer({ origin: 'https://other.example' })
    const histories: typeof input.histories = (origin) =>
      origin === ISSUER ? person.issuer.status.history() : status.history()
    expect(statusOf({ histories })).toBe('PROOF_INVALID')
  })

  it('names every issuer that the item names, also one that does not publish the schema', async () => {
    const [schema] = makeIssuer().metadata.schemas
    const schemas = schema ? [{ ...schema, name: 'Persona' }] : []
    const other = makeIssuer({ origin: 'https://other.example', schemas })
    const query = { ...OVER_18, issuers: [ISSUER, other.metadata.origin] }
    const { input } = await makeCase(query, { others: [other] })
    expect(verifyPresentation(input)).toMatchObject({ status: 'VALID', answers: [{ issuers: query.issuers }] })
  })

  it('is refused with a claim that was not asked for', async () => {
    const presentation = withAnswer(adult.presentation, 'adult', { disclosed: { givenName: 'Ada' } })
    expect(adult.statusOf({ presentation })).toBe('DISCLOSURE_MISMATCH')
  })
})

describe('disclosed claims', () => {
  const query = {
    ...OVER_18,
    predicates: [
      ...OVER_18.predicates,
      { op: '$sd' as const, claim: 'givenName' },
      { op: '$sd' as const, claim: 'nationality' },
    ],
  }
  let shown: Case
  beforeAll(async () => {
    shown = await makeCase(query)
  })
  const disclosing = (disclosed: object) =>
    shown.statusOf({ presentation: withAnswer(shown.presentation, 'adult', { disclosed }) })

  it('are given as they were proved', () => {
    expect(verifyPresentation(shown.input)).toMatchObject({
      answers: [{ disclosed: { givenName: 'Ada', nationality: 'FI' } }],
    })
  })

  it('are refused with another value', () => {
    expect(disclosing({ givenName: 'Eva', nationality: 'FI' })).toBe('PROOF_INVALID')
  })

  it('are refused one short, one over, and under another name', () => {
    expect(disclosing({ givenName: 'Ada' })).toBe('DISCLOSURE_MISMATCH')
    expect(disclosing({ givenName: 'Ada', nationality: 'FI', residence: 'FR' })).toBe('DISCLOSURE_MISMATCH')
    expect(disclosing({ givenName: 'Ada', residence: 'FI' })).toBe('DISCLOSURE_MISMATCH')
  })

  it('are refused with a value of another type', () => {
    expect(disclosing({ givenName: 7, nationality: 'FI' })).toBe('DISCLOSURE_MISMATCH')
    expect(disclosing({ givenName: 'Ada', nationality: 'Finland' })).toBe('DISCLOSURE_MISMATCH')
  })
})

describe('several answers', () => {
  const both = { all: [LOGIN, OVER_18] }
  const twoCredentials = { all: [OVER_18, { ...OVER_18, id: 'again' }] }

  it('are valid together', async () => {
    expect((await makeCase(both)).statusOf({})).toBe('VALID')
    expect((await makeCase(twoCredentials)).statusOf({})).toBe('VALID')
  })

  it('are refused where one is no proof at all, before anything that the request makes expensive', async () => {
    const { statusOf, presentation } = await makeCase(both)
    const unknown = { histories: () => undefined }
    expect(statusOf(unknown)).toBe('ISSUER_UNKNOWN')
    for (const item of ['login', 'adult']) {
      const malformed = withAnswer(presentation, item, { proof: new Uint8Array(128) })
      expect(statusOf({ ...unknown, presentation: malformed })).toBe('PROOF_MALFORMED')
    }
  })

  it('are refused where one that is needed is missing', async () => {
    const { statusOf, presentation } = await makeCase(both)
    expect(statusOf({})).toBe('VALID')
    for (const answer of presentation.answers) {
      expect(statusOf({ presentation: { ...presentation, answers: [answer] } })).toBe('QUERY_UNANSWERED')
    }
  })

  it('may be fewer where any will do, but not none that will', async () => {
    const query = { any: [LOGIN, { all: [OVER_18, { ...OVER_18, id: 'again' }] }] }
    for (const items of [['login'], ['adult', 'again']]) {
      const { input } = await makeCase(query, { items })
      const result = verifyPresentation(input)
      expect(result.status === 'VALID' && result.answers.map(({ item }) => item)).toEqual(items)
    }
    expect((await makeCase(query, { items: ['again'] })).statusOf({})).toBe('QUERY_UNANSWERED')
  })

  it('are refused of two presentations, by their device commitments', async () => {
    const { statusOf, presentation, wallet } = await makeCase(both)
    const second = await makePresentation(wallet)
    const answers = [presentation.answers[0], second.answers[1]].filter((answer) => answer !== undefined)
    expect(statusOf({ presentation: { ...second, answers } })).toBe('DEVICE_MISMATCH')
  })

  it('are refused of two holders, by their links', async () => {
    const { statusOf, presentation } = await makeCase(twoCredentials)
    expect(statusOf({ presentation: withAnswer(presentation, 'again', { link: randomField() }) })).toBe('LINK_MISMATCH')
  })

  it('are refused of two holders, by their names', async () => {
    const { statusOf, presentation } = await makeCase(both)
    expect(statusOf({ presentation: withAnswer(presentation, 'adult', { nullifier: randomField() }) })).toBe(
      'NULLIFIER_MISMATCH',
    )
  })

  it('of which one is a login and one an act are refused without a credential that ties them', async () => {
    for (const type of ['action', 'vote'] as const) {
      const { statusOf, presentation } = await makeCase({
        any: [LOGIN, OVER_18, { ...OVER_18, id: 'act', type, action: 'a' }],
      })
      expect(statusOf({})).toBe('VALID')
      const without = (item: string) => {
        const answers = presentation.answers.filter((answer) => answer.item !== item)
        return statusOf({ presentation: { ...presentation, answers } })
      }
      expect(without('adult')).toBe('HOLDER_UNTIED')
      expect(without('login')).toBe('VALID')
      expect(without('act')).toBe('VALID')
    }
  })

  it('of two holders, one signing in and the other acting, are refused whoever shows the credential', async () => {
    const act = { ...OVER_18, id: 'act', type: 'action' as const, action: 'a' }
    const { statusOf, presentation } = await makeCase({ all: [LOGIN, OVER_18, act] })
    expect(statusOf({ presentation: withAnswer(presentation, 'login', { nullifier: randomField() }) })).toBe(
      'NULLIFIER_MISMATCH',
    )
    const stranger = { nullifier: randomField(), link: randomField() }
    expect(statusOf({ presentation: withAnswer(presentation, 'act', stranger) })).toBe('LINK_MISMATCH')
  })

  it('have one name for each act', async () => {
    const acts = {
      all: [
        LOGIN,
        { ...OVER_18, id: 'who' },
        { ...OVER_18, type: 'action' as const, action: 'a' },
        { ...OVER_18, id: 'again', type: 'vote' as const, action: 'a' },
      ],
    }
    const { statusOf, presentation } = await makeCase(acts)
    expect(statusOf({})).toBe('VALID')
    expect(new Set(presentation.answers.map(({ nullifier }) => nullifier)).size).toBe(3)
  })
})
