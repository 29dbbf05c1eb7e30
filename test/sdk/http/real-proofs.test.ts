import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemaHash } from '../../../sdk/server.ts'
import type { Claims } from '../../../src/protocol/claim.ts'
import { parseDay } from '../../../src/protocol/day.ts'
import { type FieldElement, toField } from '../../../src/protocol/field.ts'
import type { Answer, Presentation } from '../../../src/protocol/presentation.ts'
import { decodeProof, encodeProof } from '../../../src/protocol/proof.ts'
import { statusListOf, statusTree } from '../../../src/protocol/status-list.ts'
import { listedIssuer, loaderOf, makeIssuer, PERSON_SCHEMA } from '../../fixtures/issuer.ts'
import { makePerson, type TestPerson } from '../../fixtures/person.ts'
import { makePresentation } from '../../fixtures/presentation.ts'
import { openRealKeySet } from '../../fixtures/real-key-set.ts'
import { makeClock, personRequests } from '../../fixtures/simulated-site.ts'
import { openSite, type TestSite } from '../../fixtures/site.ts'

const clock = makeClock()
const issuer = makeIssuer()
const other = makeIssuer({ origin: 'https://other.example' })
const person = makePerson({ issuer })
let keys: Awaited<ReturnType<typeof openRealKeySet>>
let site: TestSite

beforeAll(async () => {
  keys = await openRealKeySet()
  site = await openSite({
    keySets: [keys.directory],
    issuers: loaderOf(issuer, other),
    requests: {
      ...personRequests(issuer),
      everything: {
        type: 'credential',
        id: 'everything',
        issuers: [issuer.metadata.origin],
        schema: schemaHash(PERSON_SCHEMA),
        predicates: [
          { op: '$between', claim: 'birthDate', from: '1990-01-01', to: '1990-12-31' },
          { op: '$ne', claim: 'nationality', value: 'SE' },
          { op: '$exists', claim: 'birthPlace', value: false },
          { op: '$sd', claim: 'givenName' },
        ],
      },
      sixOfTwo: {
        type: 'credential',
        id: 'six',
        issuers: [issuer.metadata.origin, other.metadata.origin],
        schema: schemaHash(PERSON_SCHEMA),
        predicates: [
          { op: '$in', claim: 'residence', values: ['DE', 'FR', 'IT'] },
          { op: '$nin', claim: 'nationality', values: ['SE', 'NO'] },
          { op: '$lt', claim: 'birthDate', value: '2000-01-01' },
          { op: '$exists', claim: 'birthPlace', value: false },
          { op: '$sd', claim: 'givenName' },
          { op: '$sd', claim: 'familyName' },
        ],
      },
    },
    clock: clock.read,
  })
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await site.close()
  keys.close()
})

async function ask(request: string, who: TestPerson = person, known = [issuer, other]) {
  const session = await site.begin(request)
  const issuers = known.map(listedIssuer)
  const presentation = await makePresentation({ person: who, issuers, jws: session.jws, prove: keys.prove })
  return { ...session, presentation }
}

/** The code of the prover's refusal: where an honest prover finds no proof, there is none to send. */
async function askForCode(request: string, who: TestPerson): Promise<unknown> {
  return ask(request, who).then(
    () => 'proved',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
}

describe('real proofs', () => {
  it('sign in and prove an age', async () => {
    const { presentation, cookie } = await ask('signInOver18')
    const { code = '', status } = await site.send(presentation)
    expect(status).toBe(200)
    const { login, answers } = await site.verifier.getResult({ code, cookie })
    expect(login?.nullifier).toBe(answers.adult?.nullifier)
    expect(answers.adult).toMatchObject({ issuers: [issuer.metadata.origin], disclosed: {} })
    expect(await site.send(presentation)).toMatchObject({ status: 200, code })
  })

  it('answer four predicates at once and disclose what was asked', async () => {
    const { presentation, cookie } = await ask('everything')
    const { code = '' } = await site.send(presentation)
    const { answers } = await site.verifier.getResult({ code, cookie })
    expect(answers.everything).toMatchObject({ disclosed: { givenName: 'Ada' } })
  })

  for (const signer of [issuer, other]) {
    it(`answer six predicates, two over sets, by a credential of ${signer.metadata.origin}, and hide which it was`, async () => {
      const { presentation, cookie } = await ask('sixOfTwo', makePerson({ issuer: signer }))
      expect(presentation.answers).toHaveLength(2)
      const { code = '' } = await site.send(presentation)
      const { answers } = await site.verifier.getResult({ code, cookie })
      expect(answers.six).toMatchObject({
        issuers: [issuer.metadata.origin, other.metadata.origin],
        disclosed: { givenName: 'Ada', familyName: 'Example' },
      })
    })
  }

  it('do not exist for a claim outside the set, or inside the one that is excluded', async () => {
    const living = (claims: Claims) => makePerson({ issuer, claims })
    expect(await askForCode('sixOfTwo', living({ residence: 'ES' }))).toBe('witness_unsatisfied')
    expect(await askForCode('sixOfTwo', living({ nationality: 'NO' }))).toBe('witness_unsatisfied')
  })

  it('are refused against a list that does not say revoked where the published one does', async () => {
    const revoked = makePerson({ issuer, revocationId: 4242 })
    issuer.status.publish(clock.read().getTime() / 1000, [4242])
    // A wallet that keeps to itself an empty list of its own under the newest number.
    const list = statusListOf([])
    const [listed, tree] = [listedIssuer(issuer), statusTree(list)]
    const own = { ...listed, epoch: { ...listed.epoch, root: tree.root }, list, tree }
    const { jws, session } = await site.begin('over18')
    clock.advance(3)
    const forged = await makePresentation({ person: revoked, issuers: [own], jws, prove: keys.prove })
    expect(await site.send(forged, session)).toMatchObject({ status: 422, error: 'proof_invalid' })
    expect(await askForCode('over18', revoked)).toBe('credential_revoked')
    expect(await site.send((await ask('over18')).presentation)).toMatchObject({ status: 200 })
  })

  it('are refused with any value changed', async () => {
    const step = (value: FieldElement) => toField(value + 1n)
    const forgeries = (presentation: Presentation): [Presentation, string][] => {
      const [answer] = presentation.answers
      if (answer?.circuit !== 'present-v1') throw new Error('expected a credential answer')
      const changed = (changes: Partial<typeof answer>): Presentation => ({
        ...presentation,
        answers: [{ ...answer, ...changes } satisfies Answer],
      })
      const proof = decodeProof(answer.proof)
      const swapped = encodeProof({ ...proof, a: proof.c, c: proof.a })
      return [
        [changed({ nullifier: step(answer.nullifier) }), 'proof_invalid'],
        [changed({ link: step(answer.link) }), 'proof_invalid'],
        [changed({ credentialLink: step(answer.credentialLink) }), 'proof_invalid'],
        [changed({ deviceCommitment: step(answer.deviceCommitment) }), 'proof_invalid'],
        [changed({ disclosed: { givenName: 'Eve' } }), 'proof_invalid'],
        [changed({ disclosed: {} }), 'disclosure_mismatch'],
        [changed({ proof: swapped }), 'proof_invalid'],
        [{ ...presentation, walletNonce: step(presentation.walletNonce) }, 'proof_invalid'],
      ]
    }
    // The fifth refusal would end the session.
    for (const part of [
      [0, 4],
      [4, 8],
    ] as const) {
      const { presentation } = await ask('everything')
      const forged = forgeries(presentation).slice(...part)
      expect(forged).toHaveLength(4)
      for (const [each, error] of forged) expect(await site.send(each)).toMatchObject({ status: 422, error })
      expect(await site.send(presentation)).toMatchObject({ status: 200 })
    }
  })

  it('are bound to their session', async () => {
    const { presentation } = await ask('signIn')
    const { session } = await site.begin('signIn')
    expect(await site.send({ ...presentation, session })).toMatchObject({ error: 'proof_invalid' })
  })

  it('do not exist for a person of 17 years, and do on the birthday', async () => {
    const child = (birthDate: string) => makePerson({ issuer, claims: { birthDate } })
    expect(await askForCode('over18', child('2008-03-02'))).toBe('witness_unsatisfied')
    const { presentation } = await ask('over18', child('2008-03-01'))
    expect(await site.send(presentation)).toMatchObject({ status: 200 })
  })

  it('do not exist for a credential that has expired, and do on its last day', async () => {
    const until = (day: string) => makePerson({ issuer, validUntil: parseDay(day) })
    expect(await askForCode('over18', until('2026-02-28'))).toBe('witness_unsatisfied')
    const { presentation } = await ask('over18', until('2026-03-01'))
    expect(await site.send(presentation)).toMatchObject({ status: 200 })
  })

  it('are refused for a credential that another issuer signed', async () => {
    const stranger = makePerson({ issuer: makeIssuer() })
    const { presentation } = await ask('over18', stranger, [stranger.issuer])
    expect(await site.send(presentation)).toMatchObject({ status: 422, error: 'proof_invalid' })
  })

  it('keep a child out that answers an easier question', async () => {
    const { jws, session } = await site.begin('over18')
    const child = makePerson({ issuer, claims: { birthDate: '2012-01-01' } })
    const [header, payload, signature] = jws.split('.')
    const easier = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
    easier.query.predicates[0].value = '2020-01-01'
    const forged = [header, Buffer.from(JSON.stringify(easier)).toString('base64url'), signature].join('.')
    const presentation = await makePresentation({
      person: child,
      issuers: [listedIssuer(issuer)],
      jws: forged,
      prove: keys.prove,
    })
    expect(await site.send(presentation, session)).toMatchObject({ status: 422, error: 'proof_invalid' })
  })
})
