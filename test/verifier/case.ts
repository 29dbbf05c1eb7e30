import { toBase64url, utf8 } from '../../src/protocol/bytes.ts'
import { parseDay } from '../../src/protocol/day.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import type { Query } from '../../src/protocol/query.ts'
import { type PresentationRequest, parseRequest, requestContext } from '../../src/protocol/request.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { loadKeySet } from '../../src/verifier/key-set.ts'
import type { PresentationInput } from '../../src/verifier/presentation-input.ts'
import { verifyPresentation } from '../../src/verifier/verify-presentation.ts'
import { PERSON_SCHEMA } from '../fixtures/issuer.ts'
import { makePerson, type TestPerson } from '../fixtures/person.ts'
import { makePresentation, type ProveStatement } from '../fixtures/presentation.ts'
import { makeSimulatedKeySet } from '../fixtures/simulated-key-set.ts'

export const SITE = parseOrigin('https://wine.example')
export const ISSUER = parseOrigin('https://issuer.example')
export const TODAY = parseDay('2026-03-01')

/** A credential item over the Person schema. */
export const OVER_18 = {
  type: 'credential',
  id: 'adult',
  issuers: [ISSUER],
  schema: schemaHash(PERSON_SCHEMA),
  predicates: [{ op: '$lte', claim: 'birthDate', value: '2008-03-01' }],
} as const satisfies Query

export const LOGIN = { type: 'login', id: 'login' } as const satisfies Query

/** A request as a site makes it, with a stand-in for the signature: the verifier reads its own requests, unverified. */
export function makeRequest(query: Query, keySet: string, changes: Partial<PresentationRequest> = {}) {
  const request = parseRequest({
    version: 1,
    iss: SITE,
    iat: 1_772_323_200,
    exp: 1_772_323_320,
    nonce: 'n'.repeat(43),
    session: 'session-1',
    keySet,
    today: TODAY,
    responseUri: `${SITE}/touchstone/sessions/session-1/presentation`,
    returnUri: `${SITE}/`,
    query,
    ...changes,
  })
  const jws = ['{"alg":"ES256"}', JSON.stringify(request), 'signature'].map((part) => toBase64url(utf8(part))).join('.')
  return { request, jws }
}

/** A request and the input of an accepted presentation for it, to be changed in one place by each test. */
export async function makeCase(query: Query, { person = makePerson() }: { person?: TestPerson } = {}) {
  const simulated = makeSimulatedKeySet()
  const keySet = await loadKeySet(simulated)
  const { request, jws } = makeRequest(query, keySet.hash)
  const prove: ProveStatement = async (circuit, { signals }) => simulated.simulate(circuit, signals)
  const presentation = await makePresentation({ person, jws, prove })
  const input: PresentationInput = {
    presentation,
    request,
    context: requestContext(jws, request),
    keySet,
    issuers: (origin) => (origin === person.issuer.metadata.origin ? person.issuer.metadata : undefined),
  }
  const statusOf = (changes: Partial<PresentationInput>) => verifyPresentation({ ...input, ...changes }).status
  return { input, presentation, request, jws, person, prove, statusOf }
}
