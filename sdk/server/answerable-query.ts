import { setTimeout } from 'node:timers/promises'
import { ProtocolError } from '../../src/protocol/error.ts'
import { acceptedIssuers } from '../../src/protocol/issuer-set.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { compilePredicates } from '../../src/protocol/predicate.ts'
import {
  alternativesOf,
  type CredentialItem,
  itemsOf,
  partsOf,
  type Query,
  statusAgeOf,
} from '../../src/protocol/query.ts'
import { CLOCK_TOLERANCE } from '../../src/protocol/request.ts'
import { type Schema, schemaHash } from '../../src/protocol/schema.ts'
import { judgeEpoch } from '../../src/protocol/status-history.ts'
import type { TouchstoneError } from '../touchstone-error.ts'
import { serverError } from './error-codes.ts'
import type { IssuerDirectory } from './issuer-directory.ts'
import type { PublishedIssuer } from './published-issuer.ts'

/** How long a person who could simply sign in waits for issuers: an issuer that is up answers in less. */
const PATIENCE_MS = 300

type IssuerAccess = {
  readonly issuers: IssuerDirectory
  /** Unix seconds. */
  readonly now: number
  /** Is told what an issuer does that makes an item, or the issuer in it, unanswerable. */
  readonly tellOnce: (error: TouchstoneError) => void
}

/**
 * The query as it can be answered now: without issuers that are out of reach or do not publish the schema, and without the
 * ways of an `any` that need an item of which nothing is left, or whose issuers have too many keys for one proof.
 *
 * Refuses before anybody is asked: where nothing remains by `issuer_unreachable`, if an issuer that does not answer is
 * among the causes, else by `query_invalid`; by `query_invalid` also where the site's own predicates do not fit the schema.
 */
export async function answerableQuery(access: IssuerAccess, query: Query): Promise<Query> {
  const known = await loadIssuers(access, query)
  const lacks: TouchstoneError[] = []
  const answerable = keepAnswerable(query, (item) => {
    const found = answerableItem(item, known, access)
    if ('lack' in found) lacks.push(found.lack)
    return 'item' in found ? found.item : undefined
  })
  if (answerable) return answerable
  const unreachable = lacks.find(({ code }) => code === 'issuer_unreachable')
  throw unreachable ?? lacks[0] ?? serverError('issuer_unreachable')
}

/** Who is not there in time is left out; what is asked of them goes on, for the next session. */
async function loadIssuers({ issuers, now }: IssuerAccess, query: Query): Promise<Map<Origin, PublishedIssuer>> {
  const credentials = itemsOf(query).filter((item) => item.type !== 'login')
  const isLoginEnough = alternativesOf(query).some((way) => way.every(({ type }) => type === 'login'))
  const patience = isLoginEnough && credentials.length > 0 ? [setTimeout(PATIENCE_MS, undefined, { ref: false })] : []
  const known = new Map<Origin, PublishedIssuer>()
  await Promise.all(
    [...new Set(credentials.flatMap((item) => item.issuers))].map(async (origin) => {
      const naming = credentials.filter((item) => item.issuers.includes(origin))
      const issuer = await Promise.race([loadCurrent(issuers, origin, naming, now), ...patience])
      if (issuer) known.set(origin, issuer)
    }),
  )
  return known
}

/** A list that has grown too old while it was cached has a newer one by now. */
async function loadCurrent(
  issuers: IssuerDirectory,
  origin: Origin,
  items: readonly CredentialItem[],
  now: number,
): Promise<PublishedIssuer | undefined> {
  const cached = (await issuers.load([origin])).get(origin)
  if (!cached || items.every((item) => isCurrent(cached, item, now))) return cached
  await issuers.refresh(origin)
  return (await issuers.load([origin])).get(origin)
}

function keepAnswerable(query: Query, keep: (item: CredentialItem) => CredentialItem | undefined): Query | undefined {
  if ('all' in query) {
    const parts = query.all.map((part) => keepAnswerable(part, keep))
    return parts.every((part) => part !== undefined) ? { all: parts } : undefined
  }
  if ('any' in query) {
    const parts = query.any.map((part) => keepAnswerable(part, keep)).filter((part) => part !== undefined)
    return parts.length > 0 ? { any: parts } : undefined
  }
  return query.type === 'login' ? query : keep(query)
}

/**
 * The item with those of its issuers whose credentials can be shown; or what it lacks. An issuer without the schema would
 * only make those look more among whom the holder's own is hidden.
 */
function answerableItem(
  item: CredentialItem,
  known: ReadonlyMap<Origin, PublishedIssuer>,
  { now, tellOnce }: IssuerAccess,
): { readonly item: CredentialItem } | { readonly lack: TouchstoneError } {
  const publishing: PublishedIssuer[] = []
  let schema: Schema | undefined
  let isOneUnreachable = false
  for (const origin of new Set(item.issuers)) {
    const issuer = known.get(origin)
    if (!issuer || !isCurrent(issuer, item, now)) {
      isOneUnreachable = true
      continue
    }
    const published = issuer.metadata.schemas.find((candidate) => schemaHash(candidate) === item.schema)
    if (published) publishing.push(issuer)
    else tellOnce(serverError('query_invalid', `${item.id}: ${origin} does not publish the schema, and is left out`))
    schema ??= published
  }
  if (!schema) {
    if (isOneUnreachable) {
      const asked = item.issuers.join(', ')
      const message = `${item.id}: what is published at ${asked} could not be fetched, or its status list is out of date`
      return { lack: serverError('issuer_unreachable', message) }
    }
    return { lack: serverError('query_invalid', `${item.id}: none of its issuers publishes the schema`) }
  }
  refuseUnfit(item, schema)
  const lack = findCrowd(item, publishing)
  if (lack) tellOnce(lack)
  return lack ? { lack } : { item: { ...item, issuers: publishing.map(({ metadata }) => metadata.origin) } }
}

/** Throws `query_invalid`: no circuit can express this, whatever the issuers do. */
function refuseUnfit(item: CredentialItem, schema: Schema): void {
  try {
    for (const predicates of partsOf(item)) compilePredicates(schema, predicates)
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw serverError('query_invalid', `${item.id}: ${cause.message}`, { cause })
  }
}

/** Issuers with too many keys together. Which of them to leave out is not for the SDK to choose. */
function findCrowd(item: CredentialItem, issuers: readonly PublishedIssuer[]): TouchstoneError | undefined {
  try {
    acceptedIssuers(issuers.flatMap(({ history }) => history.slice(0, 1)))
    return undefined
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    return serverError('query_invalid', `${item.id}: ${cause.message}`, { cause })
  }
}

/** False also for an issuer that has let its list grow too old: nobody can prove anything against that. */
function isCurrent({ history }: PublishedIssuer, item: CredentialItem, now: number): boolean {
  const [newest] = history
  if (!newest) return false
  const rule = { now, maxAge: statusAgeOf(item), grace: 0, tolerance: CLOCK_TOLERANCE }
  return judgeEpoch(history, newest.epoch, rule) === 'ACCEPTED'
}
