import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVerifier, type VerifierOptions } from '../../../sdk/server.ts'
import { schemaHash } from '../../../src/protocol/schema.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { FIRST_EPOCH_AT, loaderOf, makeIssuer, PERSON_SCHEMA } from '../../fixtures/issuer.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'
import { writeKeySet } from '../../fixtures/site.ts'

let directory: string
let options: VerifierOptions
let keys: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-start-'))
  keys = writeKeySet(makeSimulatedKeySet(), join(directory, 'keys'))
  options = {
    origin: 'https://wine.example',
    walletOrigin: 'https://wallet.example',
    keySets: [keys],
    issuers: [],
    data: join(directory, 'data'),
    verification: { workers: 0 },
    requests: { signIn: { type: 'login', id: 'login' } },
  }
})
afterEach(() => rmSync(directory, { recursive: true }))

async function refusal(changes: Partial<VerifierOptions>): Promise<string> {
  const verifier = await createVerifier({ ...options, ...changes }).catch((error: unknown) => error)
  if (verifier instanceof Error && 'code' in verifier) return `${verifier.code}: ${verifier.message}`
  throw new Error('the verifier started')
}

/** Members of a set, of 200 letters each. */
function longNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(200, 'a'))
}

describe('createVerifier', () => {
  it('refuses development keys unless they are allowed by name', async () => {
    const keySets = [writeKeySet(makeSimulatedKeySet('development'), join(directory, 'development'))]
    expect(await refusal({ keySets })).toMatch(/^option_invalid: keySets: .*anyone can forge/)
    expect(await refusal({ keySets, mode: 'development' })).toMatch(/^option_invalid: keySets: .*anyone can forge/)
    const verifier = await createVerifier({ ...options, keySets, mode: 'development', allowDevelopmentKeys: true })
    await verifier.close()
  })

  it('refuses a key set that is missing, or not what its manifest says', async () => {
    expect(await refusal({ keySets: [join(directory, 'none')] })).toMatch(/^option_invalid: keySets:/)
    const file = join(keys, 'login-v1.vkey.json')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('bn128', 'bn129'))
    expect(await refusal({})).toMatch(/^option_invalid: keySets: .*not the one in the manifest/)
    writeFileSync(file, text)
    await (await createVerifier(options)).close()
    writeFileSync(join(keys, 'manifest.json'), '{}')
    expect(await refusal({})).toMatch(/^option_invalid: keySets:/)
  })

  it('goes on after a restart where it was', async () => {
    const first = await createVerifier(options)
    const { session, setCookie } = await first.createSession({ request: 'signIn' })
    await first.close()
    const second = await createVerifier(options)
    const cookie = setCookie?.split(';')[0] ?? ''
    const url = `${options.origin}/touchstone/sessions/${session}`
    const response = await second.handle(new Request(url, { headers: { cookie } }))
    expect(await response?.json()).toEqual({ state: 'INITIALIZED' })
    const again = await second.createSession({ request: 'signIn', cookie })
    expect(again.setCookie).toBeUndefined()
    await second.close()
  })

  it('says before anybody is asked that a query fits no schema', async () => {
    const issuer = makeIssuer({ keys: 16 })
    const crowded = makeIssuer({ origin: 'https://crowded.example' })
    const item = {
      type: 'credential',
      id: 'adult',
      issuers: [issuer.metadata.origin],
      schema: schemaHash(PERSON_SCHEMA),
    } as const
    const others = Array.from({ length: 4 }, () => ({ op: '$exists' as const, claim: 'birthPlace', value: true }))
    const sets = [1, 2].map(() => ({ op: '$in' as const, claim: 'nationality', values: ['FI', 'FR'] }))
    const requests: VerifierOptions['requests'] = {
      good: { ...item, predicates: [{ op: '$gt', claim: 'birthDate', value: '2000-01-01' }] },
      unknownClaim: { ...item, predicates: [{ op: '$gt', claim: 'birthday', value: '2000-01-01' }] },
      wrongType: { ...item, predicates: [{ op: '$gt', claim: 'givenName', value: 'A' }] },
      wrongValue: { ...item, predicates: [{ op: '$gt', claim: 'birthDate', value: 'yesterday' }] },
      unknownSchema: { ...item, schema: 'S'.repeat(43), predicates: [] },
      manyParts: { ...item, predicates: [...others, ...sets] },
      wrongInSecondPart: { ...item, predicates: [...others, { op: '$in', claim: 'nationality', values: ['Finland'] }] },
      memberTwice: { ...item, predicates: [{ op: '$nin', claim: 'nationality', values: ['FI', 'FI'] }] },
      tooManyKeys: { ...item, issuers: [...item.issuers, crowded.metadata.origin], predicates: [] },
      wrongAlternative: {
        any: [
          { type: 'login', id: 'login' },
          { ...item, predicates: [{ op: '$gt', claim: 'birthday', value: '2000-01-01' }] },
        ],
      },
      tooLong: { ...item, predicates: [{ op: '$in', claim: 'givenName', values: longNames(64) }] },
      notTooLong: { ...item, predicates: [{ op: '$in', claim: 'givenName', values: longNames(32) }] },
    }
    const told: unknown[] = []
    const verifier = await createVerifier({
      ...options,
      issuers: loaderOf(issuer, crowded),
      requests,
      clock: () => new Date(FIRST_EPOCH_AT * 1000),
      onError: (error) => told.push(error),
    })
    const refusals: Record<string, string | undefined> = {}
    for (const request of Object.keys(requests)) {
      refusals[request] = await codeOfAsync(verifier.createSession({ request }))
    }
    const accepted = ['good', 'manyParts', 'notTooLong']
    expect(refusals).toEqual(
      Object.fromEntries(
        Object.keys(requests).map((name) => [name, accepted.includes(name) ? undefined : 'query_invalid']),
      ),
    )
    expect(told).toMatchObject([
      { code: 'query_invalid', message: expect.stringMatching(/^adult: https:.* does not publish the schema/) },
      { code: 'query_invalid', message: expect.stringMatching(/^adult: .*more than 16 keys/) },
    ])
    await verifier.close()
  })

  it('answers what it did not foresee without saying what, and tells the site', async () => {
    const seen: unknown[] = []
    let broken = false
    const clock = () => {
      if (broken) throw new Error('the clock has stopped')
      return new Date()
    }
    const verifier = await createVerifier({ ...options, clock, onError: (error) => seen.push(error) })
    const { session, setCookie } = await verifier.createSession({ request: 'signIn' })
    broken = true
    const url = `${options.origin}/touchstone/sessions/${session}`
    const response = await verifier.handle(new Request(url, { headers: { cookie: setCookie?.split(';')[0] ?? '' } }))
    expect(response?.status).toBe(500)
    const body = await response?.json()
    expect(body).toMatchObject({ error: 'internal_error', retryable: true })
    expect(JSON.stringify(body)).not.toContain('clock')
    expect(seen).toEqual([expect.objectContaining({ message: 'the clock has stopped' })])
    await verifier.close()
  })
})
