import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { VerifierEvent } from '../../../sdk/server.ts'
import { type Presentation, serializePresentation } from '../../../src/protocol/presentation.ts'
import { createVerifierPool, type VerifierPool, VerifierPoolError } from '../../../src/verifier/node/index.ts'
import type { ProofVerifier } from '../../../src/verifier/proof-verifier.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'

type Site = Awaited<ReturnType<typeof openSimulatedSite>>

/** The same with the sign of one point of each proof changed. */
function negated(presentation: Presentation): Presentation {
  return {
    ...presentation,
    answers: presentation.answers.map((answer) => {
      const proof = Uint8Array.from(answer.proof)
      proof[0] = (proof[0] ?? 0) ^ 0x40
      return { ...answer, proof }
    }),
  }
}

describe('a site with a pool', () => {
  let pool: VerifierPool
  let site: Site
  beforeAll(async () => {
    const simulated = makeSimulatedKeySet()
    pool = await createVerifierPool({ keySets: [simulated], workers: 2 })
    site = await openSimulatedSite({ simulated, verification: pool })
  })
  afterAll(async () => {
    expect(site.errors).toEqual([])
    await site.close()
    await pool.close()
  })

  it('accepts what holds and refuses what does not', async () => {
    const { presentation, cookie } = await site.ask('signInOver18')
    expect(await site.send(negated(presentation))).toMatchObject({ status: 422, error: 'proof_invalid' })
    const { code = '', status } = await site.send(presentation)
    expect(status).toBe(200)
    expect((await site.verifier.getResult({ code, cookie })).answers).toHaveProperty('adult')
  })

  it('serves many sessions at once, a bad proof among them', async () => {
    const asked = await Promise.all(Array.from({ length: 30 }, () => site.ask('signIn')))
    const sent = await Promise.all(
      asked.map(({ presentation }, index) => site.send(index === 7 ? negated(presentation) : presentation)),
    )
    expect(sent.map(({ status }) => status)).toEqual(asked.map((_, index) => (index === 7 ? 422 : 200)))
  })
})

describe('a site whose pool gives no verdict', () => {
  async function sendTo(verification: ProofVerifier) {
    const site = await openSimulatedSite({ verification })
    const { presentation } = await site.ask('signIn')
    const answers = []
    for (let attempt = 0; attempt < 6; attempt++) answers.push(await site.send(presentation))
    await site.close()
    return { answers, errors: site.errors }
  }

  it('is busy where a proof took too long, and counts that as a refusal', async () => {
    const late = new VerifierPoolError('verifier_deadline', 'too long')
    const { answers, errors } = await sendTo({ verify: () => Promise.reject(late) })
    expect(answers[0]).toMatchObject({ status: 503, error: 'busy', retryable: true })
    expect(answers[5]).toMatchObject({ status: 410, error: 'session_cancelled' })
    expect(errors).toEqual([])
  })

  it('is busy where there is no room, and does not hold that against the session', async () => {
    const full = new VerifierPoolError('verifier_busy', 'too much', { retryAfterMilliseconds: 10 })
    const { answers, errors } = await sendTo({ verify: () => Promise.reject(full) })
    expect(answers[5]).toMatchObject({ status: 503, error: 'busy', retryable: true })
    expect(errors).toEqual([])
  })

  it('says when to come again, before it computes anything', async () => {
    const events: VerifierEvent[] = []
    const verify = vi.fn<ProofVerifier['verify']>()
    const retryAfter = vi.fn(() => 2_001)
    const site = await openSimulatedSite({
      verification: { verify, retryAfter },
      onEvent: (event) => events.push(event),
    })
    const { presentation, session } = await site.ask('signInOver18')
    const response = await site.post(session, JSON.stringify(serializePresentation(presentation)))
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3'])
    expect(retryAfter).toHaveBeenCalledExactlyOnceWith(2)
    expect(verify).not.toHaveBeenCalled()
    expect(events.filter(({ type }) => type !== 'session_created')).toEqual([
      { type: 'overloaded', retryAfterSeconds: 3 },
    ])
    await site.close()
  })

  it('counts what a presentation makes break elsewhere', async () => {
    const fault = new RangeError('not of the pool')
    const { answers, errors } = await sendTo({ verify: () => Promise.reject(fault) })
    expect(answers[0]).toMatchObject({ status: 500, error: 'internal_error' })
    expect(answers[5]).toMatchObject({ status: 410, error: 'session_cancelled' })
    expect(errors).toEqual(Array.from({ length: 5 }, () => fault))
  })

  it('reports any other fault, and counts it as well', async () => {
    const fault = new VerifierPoolError('verifier_crashed', 'a thread died')
    const { answers, errors } = await sendTo({ verify: () => Promise.reject(fault) })
    expect(answers[0]).toMatchObject({ status: 500, error: 'internal_error' })
    expect(answers[5]).toMatchObject({ status: 410, error: 'session_cancelled' })
    expect(errors).toEqual(Array.from({ length: 5 }, () => fault))
  })
})
