import { beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/protocol/presentation.ts'
import { partsOf } from '../../src/protocol/query.ts'
import { verifyPresentation } from '../../src/verifier/verify-presentation.ts'
import { makePerson } from '../fixtures/person.ts'
import { type Case, makeCase, OVER_18 } from './case.ts'

/** Six predicates, of which a proof holds four; each proof discloses a claim. */
const SIX = {
  ...OVER_18,
  predicates: [
    { op: '$sd' as const, claim: 'givenName' },
    { op: '$lte' as const, claim: 'birthDate', value: '2008-03-01' },
    { op: '$gte' as const, claim: 'birthDate', value: '1990-01-01' },
    { op: '$ne' as const, claim: 'nationality', value: 'SE' },
    { op: '$sd' as const, claim: 'familyName' },
    { op: '$in' as const, claim: 'residence', values: ['DE', 'FR'] },
  ],
}

type PresentAnswer = Extract<Answer, { circuit: 'present-v1' }>

function partsIn({ presentation }: Case): [PresentAnswer, PresentAnswer] {
  const [first, second] = presentation.answers
  if (first?.circuit !== 'present-v1' || second?.circuit !== 'present-v1') throw new Error('expected two parts')
  return [first, second]
}

describe('an item of two proofs', () => {
  let six: Case
  let first: PresentAnswer
  let second: PresentAnswer
  beforeAll(async () => {
    six = await makeCase(SIX)
    ;[first, second] = partsIn(six)
  })
  const withAnswers = (...answers: Answer[]) => six.statusOf({ presentation: { ...six.presentation, answers } })

  it('is one answer, with what both disclose', () => {
    expect(partsOf(SIX)).toHaveLength(2)
    expect([first.disclosed, second.disclosed]).toEqual([{ givenName: 'Ada' }, { familyName: 'Example' }])
    expect(verifyPresentation(six.input)).toMatchObject({
      status: 'VALID',
      answers: [{ item: 'adult', disclosed: { givenName: 'Ada', familyName: 'Example' } }],
    })
  })

  it('is valid in any order of its parts', () => {
    expect(withAnswers(second, first)).toBe('VALID')
  })

  it('is refused where a part is missing', () => {
    expect(withAnswers(first)).toBe('QUERY_UNANSWERED')
    expect(withAnswers(second)).toBe('QUERY_UNANSWERED')
  })

  it('is refused with a part twice, in place of the other or beside it', () => {
    expect(withAnswers(first, { ...second, part: 0 })).toBe('ITEM_REPEATED')
    expect(withAnswers(first, second, second)).toBe('ITEM_REPEATED')
  })

  it('is refused with a part that it does not have', () => {
    expect(withAnswers(first, { ...second, part: 2 })).toBe('PART_UNKNOWN')
  })

  it('is refused with one part’s proof in the place of the other', () => {
    expect(withAnswers(first, { ...second, proof: first.proof })).toBe('PROOF_INVALID')
    expect(withAnswers({ ...first, disclosed: second.disclosed }, second)).toBe('DISCLOSURE_MISMATCH')
  })

  it('is refused where one part is another holder’s', () => {
    expect(withAnswers(first, { ...second, link: first.credentialLink })).toBe('LINK_MISMATCH')
    expect(withAnswers(first, { ...second, nullifier: first.link })).toBe('NULLIFIER_MISMATCH')
  })
})

describe('two credentials of one holder', () => {
  it('do not answer one item together, neither with their links as they are nor with one made equal', async () => {
    const person = makePerson()
    const { issuer, holderSecret, deviceKey } = person
    const other = makePerson({ issuer, holderSecret, deviceKey, revocationId: 8 })
    const mixed = await makeCase(SIX, { person, choose: (_, part) => (part === 0 ? person : other).held })
    const [first, second] = partsIn(mixed)
    expect(first.link).toBe(second.link)
    expect(mixed.statusOf({})).toBe('CREDENTIAL_MISMATCH')
    const forged = { ...second, credentialLink: first.credentialLink }
    expect(mixed.statusOf({ presentation: { ...mixed.presentation, answers: [first, forged] } })).toBe('PROOF_INVALID')
    for (const { held } of [person, other]) {
      expect((await makeCase(SIX, { person, choose: () => held })).statusOf({})).toBe('VALID')
    }
  })

  it('answer an item each', async () => {
    const person = makePerson()
    const { issuer, holderSecret, deviceKey } = person
    const other = makePerson({ issuer, holderSecret, deviceKey, revocationId: 8 })
    const query = { all: [OVER_18, { ...OVER_18, id: 'again' }] }
    const both = await makeCase(query, { person, choose: ({ id }) => (id === 'again' ? other : person).held })
    const [first, second] = partsIn(both)
    expect(first.credentialLink).not.toBe(second.credentialLink)
    expect(both.statusOf({})).toBe('VALID')
  })
})
