import { toBase64url, utf8 } from '../../src/protocol/bytes.ts'
import { parseDay } from '../../src/protocol/day.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import type { Query } from '../../src/protocol/query.ts'
import { type PresentationRequest, parseRequest, requestContext } from '../../src/protocol/request.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { loadKeySet } from '../../src/verifier/key-set.ts'
import type { PresentationInput } from '../../src/verifier/presentation-input.ts'
import { verifyPresentation } from '../../src/verifier/verify-presentation.ts'
import { FIRST_EPOCH_AT, listedIssuer, PERSON_SCHEMA, type TestIssuer } from '../fixtures/issuer.ts'
import { makePerson, type TestPerson } from '../fixtures/person.ts'
import { makePresentation, type PresentationOptions, type ProveStatement } from '../fixtures/presentation.ts'
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

/** When the presentations of the tests arrive: a minute after their issuers' first status list. */
export const NOW = FIRST_EPOCH_AT + 60

export type Case = Awaited<ReturnType<typeof makeCase>>

/**
 * A request and the input of an accepted presentation for it, to be changed in one place by each test. `others`: issuers
 * besides the person's own that the query names.
 */
export async function makeCase(query: Query, { person = makePerson(), others = [], ...options }: CaseOptions = {}) {
  const simulated = makeSimulatedKeySet()
  const keySet = await loadKeySet(simulated)
  const { request, jws } = makeRequest(query, keySet.hash)
  const prove: ProveStatement = async (circuit, { signals }) => simulated.simulate(circuit, signals)
  const issuers = [person.issuer, ...others]
  const find = (origin: Origin) => issuers.find(({ metadata }) => metadata.origin === origin)
  const wallet = { person, issuers: issuers.map(listedIssuer), jws, prove }
  const presentation = await makePresentation({ ...wallet, ...options })
  const input: PresentationInput = {
    presentation,
    request,
    context: requestContext(jws, request),
    keySet,
    issuers: (origin) => find(origin)?.metadata,
    histories: (origin) => find(origin)?.status.history(),
    now: NOW,
    statusGrace: 600,
  }
  const statusOf = (changes: Partial<PresentationInput>) => verifyPresentation({ ...input, ...changes }).status
  return { input, presentation, request, person, wallet, prove, statusOf }
}

type CaseOptions = Pick<PresentationOptions, 'items' | 'choose'> & {
  readonly person?: TestPerson
  readonly others?: readonly TestIssuer[]
}
