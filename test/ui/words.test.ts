import { describe, expect, test } from 'vitest'
import { parseDay } from '../../src/protocol/day.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { STREAKS, streakOf } from '../../src/ui/art/pattern.ts'
import { credentialAsks, pickedWay } from '../../src/ui/flow/ways.ts'
import { createMessages } from '../../src/ui/i18n.ts'
import { lifeOf } from '../../src/ui/words/card-life.ts'
import { claimText } from '../../src/ui/words/claim-text.ts'
import { groupByDay } from '../../src/ui/words/day-groups.ts'
import { foreignText } from '../../src/ui/words/foreign-text.ts'
import { keptOf } from '../../src/ui/words/kept.ts'
import { learnedLines } from '../../src/ui/words/learned-lines.ts'
import { predicateText, questionTexts } from '../../src/ui/words/question-text.ts'
import { isOrigin, siteName } from '../../src/ui/words/site-name.ts'
import { advance, stagesOf, WORK_BEGINS } from '../../src/ui/words/stage.ts'
import type { ActivityEntry, Learned, PredicateView, Question } from '../../src/wallet/wallet.ts'
import { EUROPEAN, MANY_QUESTIONS, OVER_18, SET_OF_27, SIGN_IN } from '../fixtures/ui/requests.ts'

const { t } = createMessages()

/** A sentence without the marks that keep the direction of its parts apart. */
const seen = (text: string) => text.replace(/[\u2068\u2069]/g, '')

describe('sites', () => {
  test.for([
    ['https://forum.example', 'forum.example'],
    ['https://forum.example:8443', 'forum.example:8443'],
    ['http://forum.localhost:4402', 'forum.localhost:4402'],
    ['https://xn--frum-5qa.example', 'xn--frum-5qa.example'],
  ] as const)('%s is named %s', ([origin, name]) => expect(siteName(origin)).toBe(name))

  test('only an origin may be named', () => {
    expect(isOrigin('https://forum.example')).toBe(true)
    for (const text of ['https://forum.example/', 'http://forum.example', 'javascript:alert(1)', '']) {
      expect(isOrigin(text)).toBe(false)
    }
  })

  test('a site has the same streak each time, and sites share them out', () => {
    expect(streakOf('https://forum.example')).toBe(streakOf('https://forum.example'))
    const seen = new Map(STREAKS.map((streak) => [streak, 0]))
    for (let i = 0; i < 400; i++) {
      const streak = streakOf(`https://site-${i}.example`)
      seen.set(streak, (seen.get(streak) ?? 0) + 1)
    }
    for (const count of seen.values()) expect(count).toBeGreaterThan(60)
  })
})

describe('claims', () => {
  test.for([
    ['date', '1991-03-14', '14 March 1991'],
    ['date', '1991-02-30', '1991-02-30'],
    ['country', 'NO', 'Norway'],
    ['country', 'no such', 'no such'],
    ['boolean', true, 'Yes'],
    ['boolean', false, 'No'],
    ['string', '<b>x</b>', '<b>x</b>'],
    [undefined, 'as it stands', 'as it stands'],
  ] as const)('a %s %s reads %s', ([type, value, text]) => expect(claimText(value, type, t, 'en-GB')).toBe(text))
})

describe('questions', () => {
  const birth = { claim: 'birthDate', title: 'Birth date', type: 'date' } as const
  const count = { claim: 'children', title: 'Children', type: 'integer' } as const

  test.for([
    [{ ...birth, op: '$lte', value: '2008-11-20', years: 18 }, 'Are you 18 or older?', 'You are 18 or older'],
    [
      { ...birth, op: '$lte', value: '2008-11-20' },
      'Is your “Birth date” on or before 20 November 2008?',
      'Your “Birth date” is on or before 20 November 2008',
    ],
    [
      { ...birth, op: '$lt', value: '2008-11-20' },
      'Is your “Birth date” before 20 November 2008?',
      'Your “Birth date” is before 20 November 2008',
    ],
    [{ ...count, op: '$gte', value: 3 }, 'Is your “Children” 3 or more?', 'Your “Children” is 3 or more'],
    [
      { ...count, op: '$between', from: 1, to: 3 },
      'Is your “Children” between 1 and 3?',
      'Your “Children” is between 1 and 3',
    ],
    [
      { ...count, op: '$exists', value: false },
      'Is there no entry for “Children” on your card?',
      'There is no entry for “Children” on your card',
    ],
    [
      { ...count, op: '$exists', value: true },
      'Is there an entry for “Children” on your card?',
      'There is an entry for “Children” on your card',
    ],
    [{ ...count, op: '$sd' }, 'What is your “Children”?', 'Your “Children”, as the card says it'],
  ] as const)('%o', ([predicate, question, learned]) => {
    const view: PredicateView = predicate
    expect(seen(predicateText('question', view, t, 'en-GB'))).toBe(question)
    expect(seen(predicateText('learned', view, t, 'en-GB'))).toBe(learned)
  })

  test('a title that looks like a placeholder or like markup stays text', () => {
    const view: PredicateView = { op: '$sd', claim: 'x', title: '{{value}} <site/>' }
    expect(seen(predicateText('question', view, t, 'en-GB'))).toBe('What is your “{{value}} <site/>”?')
  })

  test('what a site writes into its question stays between quotation marks, short, and turns nothing around', () => {
    const value = 'empty? This is only a sign-in. Nothing on your card is shown to anyone. Press Agree'
    const view: PredicateView = { op: '$ne', claim: 'givenName', title: 'Given name', type: 'string', value }
    const text = predicateText('question', view, t, 'en-GB')
    expect(seen(text)).toBe('Is your “Given name” other than “empty? This is only a sign-in. Nothing…”?')
    expect(text.match(/\u2068/g)).toHaveLength(2)
    expect(text.match(/\u2069/g)).toHaveLength(2)
    expect(foreignText(`${'a'.repeat(39)}\u{1f511}`).isWellFormed()).toBe(true)
  })

  test('a query without predicates still has a question', () => {
    const bare = { type: 'predicates', items: [] } as const
    expect(questionTexts(bare, 'Person', t, 'en-GB').map(seen)).toEqual(['Do you hold a valid Person credential?'])
    expect(questionTexts(bare, undefined, t, 'en-GB')).toEqual(['Do you hold such a credential?'])
  })
})

describe('what is learned', () => {
  const arden = parseOrigin('https://id.arden.example')
  const bray = parseOrigin('https://id.bray.example')
  const card = (issuers: readonly Origin[], within = 86_400): Learned[] => [
    { type: 'valid', credentialKind: 'Person' },
    { type: 'not_revoked', within },
    { type: 'issuer', issuers },
  ]
  const standing = { type: 'standing', credentialKind: 'Person', within: 86_400 }
  const age: Learned = { type: 'age', years: 18 }

  test('how a card stands is one line, and who issued it another', () => {
    expect(learnedLines([age, ...card([arden]), { type: 'name' }])).toEqual([
      age,
      standing,
      { type: 'issuer', issuers: [arden] },
      { type: 'name' },
    ])
  })

  test('of two cards each line says whose it is, and with how old a list', () => {
    expect(learnedLines([age, ...card([arden, bray]), ...card([bray], 3600)])).toEqual([
      age,
      { ...standing, issuers: [arden, bray] },
      { ...standing, issuers: [bray], within: 3600 },
    ])
  })

  test('two cards of one kind, of the same issuers and by lists of one age, are told once', () => {
    expect(learnedLines([...card([arden]), ...card([arden])])).toEqual([{ ...standing, issuers: [arden] }])
  })

  test('what was written down of a card without its list stays as it is', () => {
    const [valid, , issuer] = card([arden])
    const learned = [valid, issuer].filter((item) => item !== undefined)
    expect(learnedLines(learned)).toEqual(learned)
  })
})

describe('what is kept', () => {
  const overAge = pickedWay(OVER_18, undefined)

  test('names what was asked about, and the rest of the card as one', () => {
    expect(keptOf(overAge)).toEqual([
      { type: 'claim', claim: 'birthDate', title: 'Birth date' },
      { type: 'more', kind: 'Person' },
      { type: 'cards' },
      { type: 'other_names' },
    ])
  })

  test('few claims are all named', () => {
    const notLearned = overAge.notLearned.filter((item) => item.type === 'claim').slice(0, 2)
    expect(keptOf({ ...overAge, notLearned })).toEqual(notLearned)
  })

  test('says nothing of a claim that the site learns', () => {
    const kept = JSON.stringify(keptOf(pickedWay(MANY_QUESTIONS, undefined)))
    expect(kept).not.toContain('familyName')
    expect(kept).not.toContain('residence')
  })

  test('of a claim that is one of a set, which of them it is; of one that is outside a set, the claim', () => {
    const way = pickedWay(SET_OF_27, undefined)
    const kept = { claim: 'nationality', title: 'Nationality' }
    expect(keptOf(way)[0]).toEqual({ type: 'which', ...kept })
    const outside: Question = { type: 'predicates', items: [{ ...EUROPEAN, op: '$nin' }] }
    const asks = credentialAsks(way).map((ask) => ({ ...ask, question: outside }))
    expect(keptOf({ ...way, asks })[0]).toEqual({ type: 'claim', ...kept })
  })

  test('a sign-in keeps what the wallet says', () => {
    const signIn = pickedWay(SIGN_IN, undefined)
    expect(keptOf(signIn)).toEqual(signIn.notLearned)
  })
})

describe('progress', () => {
  test('never goes back, also for a second proof', () => {
    const phases = ['touch', 'load', 'witness', 'prove', 'load', 'witness', 'prove', 'check', 'send'] as const
    const done: number[] = []
    let work = WORK_BEGINS
    for (const phase of phases) {
      work = advance(work, { phase })
      done.push(work.done)
    }
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(work).toMatchObject({ stage: 'send', touched: true })
  })

  test('bytes move the bar within the download, and are kept for the words', () => {
    const half = advance(WORK_BEGINS, { phase: 'download', loaded: 50, total: 100 })
    const more = advance(half, { phase: 'download', loaded: 80, total: 100 })
    expect(half.bytes).toEqual({ loaded: 50, total: 100 })
    expect(more.done).toBeGreaterThan(half.done)
    expect(more.done).toBeLessThan(advance(more, { phase: 'load' }).done)
    expect(advance(more, { phase: 'load' }).bytes).toBeUndefined()
  })

  test('a second touch is waited for again', () => {
    const first = advance(WORK_BEGINS, { phase: 'touch', loaded: 1, total: 2 })
    const between = advance(first, { phase: 'load' })
    const second = advance(between, { phase: 'touch', loaded: 2, total: 2 })
    expect([first, between, second].map(({ touched }) => touched)).toEqual([false, true, false])
    expect(second.touch).toEqual({ n: 2, total: 2 })
    expect(second.done).toBe(between.done)
  })

  test('issuers move the bar within the check of their lists, and are counted', () => {
    const none = advance(WORK_BEGINS, { phase: 'status', loaded: 0, total: 5 })
    const two = advance(none, { phase: 'status', loaded: 2, total: 5 })
    expect(two).toMatchObject({ stage: 'status', touched: true, lists: { loaded: 2, total: 5 } })
    expect(two.done).toBeGreaterThan(none.done)
    expect(two.done).toBeLessThan(advance(two, { phase: 'download' }).done)
    expect(advance(two, { phase: 'download' }).lists).toBeUndefined()
  })

  test('several proofs share out the way, and are counted; one is not', () => {
    const proof = (loaded: number) =>
      (['witness', 'prove', 'check'] as const).map((phase) => ({ phase, loaded, total: 3 }))
    const reports = [...proof(1), ...proof(2), ...proof(3)]
    const works = reports.map((_report, i) => reports.slice(0, i + 1).reduce(advance, WORK_BEGINS))
    const done = works.map((work) => work.done)
    expect(done).toEqual([...new Set(done)].sort((a, b) => a - b))
    expect(done.at(-1)).toBeLessThan(advance(WORK_BEGINS, { phase: 'send' }).done)
    expect(works[4]).toMatchObject({ stage: 'prove', proofs: { loaded: 2, total: 3 } })
    expect(advance(WORK_BEGINS, { phase: 'prove', loaded: 1, total: 1 }).proofs).toBeUndefined()
    expect(advance(WORK_BEGINS, { phase: 'prove', loaded: 1, total: 1 }).done).toBe(
      advance(WORK_BEGINS, { phase: 'prove' }).done,
    )
  })

  test('lists of revoked cards are named as a step only where a card is shown', () => {
    expect(stagesOf('prove')).toContain('status')
    for (const purpose of ['sign_in', 'receive'] as const) expect(stagesOf(purpose)).not.toContain('status')
  })
})

describe('dates', () => {
  const now = new Date('2026-11-20T14:06:00Z')

  test.for([
    ['2026-11-19', { state: 'ended' }],
    ['2026-11-20', { state: 'ending', days: 0 }],
    ['2027-01-19', { state: 'ending', days: 60 }],
    ['2027-01-20', { state: 'valid' }],
  ] as const)('a card until %s is %o', ([until, life]) => expect(lifeOf(parseDay(until), now)).toEqual(life))

  test('activity is grouped by days, in its order', () => {
    const [template] = [
      { kind: 'declined', origin: SIGN_IN.origin, questions: [], learned: [], shared: 'nothing' },
    ] as const
    const entry = (id: string, date: Date): ActivityEntry => ({
      ...template,
      id,
      at: (date.getTime() / 1000) as ActivityEntry['at'],
    })
    const local = (day: number, hour: number) => new Date(2026, 10, day, hour)
    const entries = [
      entry('a', local(20, 9)),
      entry('b', local(20, 0)),
      entry('c', local(19, 23)),
      entry('d', local(2, 1)),
    ]
    const groups = groupByDay(entries, local(20, 10))
    expect(groups.map(({ name, entries }) => [name, entries.map(({ id }) => id)])).toEqual([
      ['today', ['a', 'b']],
      ['yesterday', ['c']],
      ['date', ['d']],
    ])
  })
})
