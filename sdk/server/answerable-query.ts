import { ProtocolError } from '../../src/protocol/error.ts'
import { acceptedIssuers } from '../../src/protocol/issuer-set.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { compilePredicates } from '../../src/protocol/predicate.ts'
import { type CredentialItem, itemsOf, partsOf, type Query, statusAgeOf } from '../../src/protocol/query.ts'
import { CLOCK_TOLERANCE } from '../../src/protocol/request.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { judgeEpoch } from '../../src/protocol/status-history.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import type { PublishedIssuer } from './issuer-directory.ts'

/**
 * The query as it can be answered now: without issuers that are out of reach, and without the ways of an `any` that need
 * one. Refuses before anybody is asked. Throws `issuer_unreachable` where nothing remains, and `query_invalid` for what
 * no circuit can express.
 */
export async function answerableQuery({ issuers, config }: Deployment, query: Query): Promise<Query> {
  const credentials = itemsOf(query).filter((item) => item.type !== 'login')
  const origins = credentials.flatMap((item) => item.issuers)
  const now = config.clock().getTime() / 1000
  const cached = await issuers.load(origins)
  // A list that has grown too old while it was cached has a newer one by now.
  const aged = credentials.flatMap((item) =>
    item.issuers.filter((origin) => cached.has(origin) && !isCurrent(cached.get(origin), item, now)),
  )
  await Promise.all([...new Set(aged)].map((origin) => issuers.refresh(origin)))
  const known = await issuers.load(origins)
  const answerable = keepReachable(query, (item) => reachItem(item, known, now))
  if (!answerable) throw serverError('issuer_unreachable')
  return answerable
}

function keepReachable(query: Query, reach: (item: CredentialItem) => CredentialItem | undefined): Query | undefined {
  if ('all' in query) {
    const parts = query.all.map((part) => keepReachable(part, reach))
    return parts.every((part) => part !== undefined) ? { all: parts } : undefined
  }
  if ('any' in query) {
    const parts = query.any.map((part) => keepReachable(part, reach)).filter((part) => part !== undefined)
    return parts.length > 0 ? { any: parts } : undefined
  }
  return query.type === 'login' ? query : reach(query)
}

/** The item with those of its issuers that can be proved against; undefined where none of them publishes its schema. */
function reachItem(
  item: CredentialItem,
  known: ReadonlyMap<Origin, PublishedIssuer>,
  now: number,
): CredentialItem | undefined {
  const origins = [...new Set(item.issuers)]
  const reached = origins.flatMap((origin) => {
    const issuer = known.get(origin)
    return issuer && isCurrent(issuer, item, now) ? [issuer] : []
  })
  const schemas = reached.flatMap(({ metadata }) => metadata.schemas)
  const schema = schemas.find((candidate) => schemaHash(candidate) === item.schema)
  if (!schema) {
    if (reached.length < origins.length) return undefined
    throw serverError('query_invalid', `${item.id}: none of its issuers publishes the schema`)
  }
  try {
    for (const predicates of partsOf(item)) compilePredicates(schema, predicates)
    acceptedIssuers(reached.flatMap(({ history }) => history.slice(0, 1)))
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw serverError('query_invalid', `${item.id}: ${cause.message}`, { cause })
  }
  return { ...item, issuers: reached.map(({ metadata }) => metadata.origin) }
}

/** False also for an issuer that has let its list grow too old: nobody can prove anything against that. */
function isCurrent(issuer: PublishedIssuer | undefined, item: CredentialItem, now: number): boolean {
  const newest = issuer?.history[0]
  if (!issuer || !newest) return false
  const rule = { now, maxAge: statusAgeOf(item), grace: 0, tolerance: CLOCK_TOLERANCE }
  return judgeEpoch(issuer.history, newest.epoch, rule) === 'ACCEPTED'
}
