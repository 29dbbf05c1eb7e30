import { hashBearer } from '../../../sdk/server/cookie.ts'
import type { Acceptance, NewSession } from '../../../sdk/server/store/store.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { parseOrigin } from '../../../src/protocol/origin.ts'
import type { VerifiedAnswer } from '../../../src/verifier/verified-answer.ts'

/** The browser that begins every session here. */
export const BROWSER = 'b'.repeat(43)

export function session(id: string, changes: Partial<NewSession> = {}): NewSession {
  return {
    id,
    requestName: 'signIn',
    browserHash: hashBearer(BROWSER),
    jws: 'jws',
    transport: 'window',
    createdAt: 0,
    expiresAt: 1000,
    ...changes,
  }
}

export function login(nullifier = randomField(), deviceTag = randomField()): VerifiedAnswer {
  return { type: 'login', item: 'login', nullifier, deviceTag }
}

export function act(nullifier = randomField(), type: 'action' | 'vote' = 'action'): VerifiedAnswer {
  return { type, item: 'act', nullifier, issuers: [parseOrigin('https://issuer.example')], schema: 's', disclosed: {} }
}

/** At 10, with a result until 5000. */
export function acceptance(
  sessionId: string,
  answers: readonly VerifiedAnswer[],
  changes: Partial<Acceptance> = {},
): Acceptance {
  return {
    sessionId,
    requestName: 'signIn',
    presentationDigest: hashBearer(`presentation of ${sessionId}`),
    answers,
    codeHash: hashBearer(codeOf(sessionId)),
    result: '[]',
    resultExpiresAt: 5000,
    nameHmac: null,
    now: 10,
    ...changes,
  }
}

export function codeOf(sessionId: string): string {
  return `code of ${sessionId}`
}
