import { serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { makeIssuer } from '../fixtures/issuer.ts'

export const issuer = makeIssuer()

/** What the issuer of the tests serves, with some of it changed. */
export function served(changes: object = {}) {
  return {
    metadata: { ...serializeIssuerMetadata(issuer.metadata), ...changes },
    statusHistory: issuer.status.served() as unknown,
  }
}

/** Fails the test: nothing is reported but what a test expects. */
export const onError = (error: unknown) => {
  throw error
}

/** An issuer that does not answer. */
export const down = async () => Promise.reject(new Error('down'))
