import { type Day, dayOf, toDay } from '../../src/protocol/day.ts'
import { type IssuerKey, type IssuerMetadata, serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import type { Schema } from '../../src/protocol/schema.ts'
import type { ListedIssuer } from '../../src/wallet/standing.ts'
import type { IssuerLoader } from '../server/issuer-directory.ts'
import { type IssuerSigner, makeIssuerSigner } from './issuer-key.ts'
import { PERSON_SCHEMA } from './person-schema.ts'
import { makeStatusPublisher, type StatusPublisher } from './status-publisher.ts'

/** An issuer in memory that signs whatever a test wants signed; the last of its keys signs. */
export type TestIssuer = IssuerSigner & {
  readonly metadata: IssuerMetadata
  /** Its status list and every epoch of it. */
  readonly status: StatusPublisher
}

export type TestIssuerOptions = {
  readonly origin?: string
  /** The Person schema alone unless given. */
  readonly schemas?: readonly Schema[]
  readonly keySets?: readonly string[]
  /** How many signing keys it has; one unless given. */
  readonly keys?: number
  /** When its first status list is published, by which the life of its keys is counted too; now unless given. */
  readonly now?: Date
  /** The keys' life: from a thousand days before `now` to four thousand after, unless given. */
  readonly notBefore?: Day
  readonly notAfter?: Day
}

export function createTestIssuer({
  origin = 'https://issuer.example',
  schemas = [PERSON_SCHEMA],
  keySets = ['A'.repeat(43)],
  keys = 1,
  now = new Date(),
  notBefore = toDay(dayOf(now) - 1000),
  notAfter = toDay(dayOf(now) + 4000),
}: TestIssuerOptions = {}): TestIssuer {
  const last = makeIssuerSigner(notBefore, notAfter)
  const others = Array.from({ length: keys - 1 }, () => makeIssuerSigner(notBefore, notAfter))
  const published: IssuerKey[] = [...others, last].map(({ key }) => key)
  const issuer = parseOrigin(origin)
  const publishedAt = Math.floor(now.getTime() / 1000)
  const status = makeStatusPublisher({ issuer, publishedAt, keys: published })
  const metadata: IssuerMetadata = {
    version: 1,
    origin: issuer,
    name: 'Test issuer',
    demo: true,
    keys: published,
    statusKeys: [status.publicKey],
    schemas,
    keySets,
  }
  return { metadata, status, ...last }
}

/** The issuer as a wallet has it that has just fetched what it publishes. */
export function listedIssuer({ metadata, status }: Pick<TestIssuer, 'metadata' | 'status'>): ListedIssuer {
  return { metadata, epoch: status.epoch, list: status.list, tree: status.tree }
}

/** What issuers serve, by their origins, as a verifier's option `issuers` takes it; one that is not among them is down. */
export function loaderOf(...issuers: readonly Pick<TestIssuer, 'metadata' | 'status'>[]): IssuerLoader {
  return async (origin: Origin) => {
    const issuer = issuers.find(({ metadata }) => metadata.origin === origin)
    if (!issuer) throw new Error(`${origin} is down`)
    return { metadata: serializeIssuerMetadata(issuer.metadata), statusHistory: issuer.status.served() }
  }
}
