import { afterEach, describe, expect, it } from 'vitest'
import { type QueryInput, schemaHash } from '../../../sdk/server.ts'
import type { IssuerKey } from '../../../src/protocol/issuer.ts'
import { listedIssuer, loaderOf, makeIssuer, PERSON_SCHEMA, type TestIssuer } from '../../fixtures/issuer.ts'
import { makePerson } from '../../fixtures/person.ts'
import { NOON, openSimulatedSite } from '../../fixtures/simulated-site.ts'

const NOW = NOON.getTime() / 1000

/** A site that names two issuers, of which the person has a credential from the first. */
async function open(options: { statusGraceSeconds?: number; notRevokedWithin?: number; staleSince?: number } = {}) {
  const issuer = makeIssuer({ publishedAt: NOW })
  const other = makeIssuer({ origin: 'https://other.example', publishedAt: options.staleSince ?? NOW })
  const { notRevokedWithin, statusGraceSeconds = 600 } = options
  const up = new Set<TestIssuer>([issuer, other])
  const member = (id: string, ...issuers: TestIssuer[]) => ({
    type: 'credential' as const,
    id,
    issuers: issuers.map(({ metadata }) => metadata.origin),
    schema: schemaHash(PERSON_SCHEMA),
    predicates: [],
    ...(notRevokedWithin === undefined ? {} : { notRevokedWithin }),
  })
  const requests: Record<string, QueryInput> = {
    member: member('member', issuer, other),
    either: { any: [member('member', issuer), member('guest', other)] },
    both: { all: [member('member', issuer), member('guest', other)] },
    guest: member('guest', other),
  }
  const site = await openSimulatedSite({
    issuers: (origin) => loaderOf(...up)(origin),
    requests,
    statusGraceSeconds,
    sessionSeconds: 600,
  })
  opened.push(site)
  const person = makePerson({ issuer })
  return {
    ...site,
    issuer,
    other,
    stop: (stopped: TestIssuer) => up.delete(stopped),
    /** Answers with what the issuers publish at this moment. */
    answer: (request: string, items?: string[]) =>
      site.ask(request, { person, issuers: [...up].map(listedIssuer), ...(items ? { items } : {}) }),
    /** The query that a new session asks, as it is signed. */
    async asked(request: string): Promise<unknown> {
      const { jws, status } = await site.begin(request)
      return status === 201 ? JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).query : status
    },
  }
}

const opened: { close: () => Promise<void>; errors: unknown[] }[] = []
afterEach(async () => {
  for (const site of opened.splice(0)) {
    expect(site.errors).toEqual([])
    await site.close()
  }
})

describe('a status list that the site does not know yet', () => {
  it('is asked for, and then accepted', async () => {
    const { issuer, clock, asked, answer, send } = await open()
    await asked('member')
    issuer.status.publish(NOW, [8])
    clock.advance(3)
    const { presentation } = await answer('member')
    expect(presentation.epochs[0]).toMatchObject({ epoch: 2 })
    expect(await send(presentation)).toMatchObject({ status: 200 })
  })

  it('is refused where the issuer was asked only just now, and accepted after', async () => {
    const { issuer, clock, asked, answer, send } = await open()
    await asked('member')
    issuer.status.publish(NOW, [8])
    clock.advance(2)
    const { presentation } = await answer('member')
    expect(await send(presentation)).toMatchObject({ status: 422, error: 'status_epoch_unknown', retryable: true })
    clock.advance(1)
    expect(await send(presentation)).toMatchObject({ status: 200 })
  })

  it('is refused where the issuer does not know it either', async () => {
    const { clock, answer, send } = await open()
    const { presentation } = await answer('member')
    clock.advance(3)
    const epochs = presentation.epochs.map((named) => ({ ...named, epoch: 2 }))
    expect(await send({ ...presentation, epochs })).toMatchObject({ status: 422, error: 'status_epoch_unknown' })
    expect(await send(presentation)).toMatchObject({ status: 200 })
  })
})

describe('a status list that was replaced', () => {
  it('counts for the grace of the site, to the second', async () => {
    const { issuer, clock, answer, send } = await open({ statusGraceSeconds: 100 })
    const [inTime, late] = [await answer('member'), await answer('member')]
    issuer.status.publish(NOW, [7])
    clock.advance(100)
    expect(await send(inTime.presentation)).toMatchObject({ status: 200 })
    clock.advance(1)
    expect(await send(late.presentation)).toMatchObject({
      status: 422,
      error: 'status_list_superseded',
      retryable: true,
    })
  })

  it('is known to be replaced within a minute, whatever the grace', async () => {
    const { issuer, clock, answer, send } = await open({ statusGraceSeconds: 0 })
    const [early, late] = [await answer('member'), await answer('member')]
    issuer.status.publish(NOW, [7])
    clock.advance(59)
    expect(await send(early.presentation)).toMatchObject({ status: 200 })
    clock.advance(1)
    expect(await send(late.presentation)).toMatchObject({ error: 'status_list_superseded' })
  })
})

describe('a key that an issuer adds, or withdraws', () => {
  it('counts, or counts no more, from the epoch that says so', async () => {
    const { issuer, clock, answer, send } = await open({ statusGraceSeconds: 100 })
    const [before, late] = [await answer('member'), await answer('member')]
    const change = (keys: readonly IssuerKey[]) => {
      issuer.status.keys = keys
      issuer.status.publish(clock.read().getTime() / 1000)
    }
    change([...issuer.status.keys, makeIssuer().key])
    clock.advance(3)
    const since = await answer('member')
    expect(since.presentation.epochs[0]).toMatchObject({ epoch: 2 })
    expect(await send(since.presentation)).toMatchObject({ status: 200 })
    expect(await send(before.presentation)).toMatchObject({ status: 200 })
    clock.advance(98)
    expect(await send(late.presentation)).toMatchObject({ error: 'status_list_superseded' })
  })
})

describe('a status list that grows old', () => {
  it('counts for as long as the item says, and the tolerance of clocks', async () => {
    const { clock, answer, send } = await open({ notRevokedWithin: 60 })
    const [inTime, late] = [await answer('member'), await answer('member')]
    clock.advance(120)
    expect(await send(inTime.presentation)).toMatchObject({ status: 200 })
    clock.advance(1)
    expect(await send(late.presentation)).toMatchObject({ status: 422, error: 'status_list_stale', retryable: true })
  })
})

describe('an issuer that is out of reach', () => {
  it('is left out of the request, and the rest is proved against', async () => {
    const { issuer, other, stop, asked, answer, send } = await open()
    stop(other)
    expect(await asked('member')).toMatchObject({ issuers: [issuer.metadata.origin] })
    const { presentation } = await answer('member')
    expect(presentation.epochs).toEqual([{ issuer: issuer.metadata.origin, epoch: 1 }])
    expect(await send(presentation)).toMatchObject({ status: 200 })
  })

  it('is named like the others while it is within reach', async () => {
    const { issuer, other, asked } = await open()
    expect(await asked('member')).toMatchObject({ issuers: [issuer.metadata.origin, other.metadata.origin] })
    expect(await asked('guest')).toMatchObject({ issuers: [other.metadata.origin] })
  })

  it('leaves no session to open where nothing else would do', async () => {
    const { other, stop, asked } = await open()
    stop(other)
    expect(await asked('guest')).toBe(503)
    expect(await asked('both')).toBe(503)
  })

  it('takes with it the ways to answer that need it, and no others', async () => {
    const { other, clock, stop, asked } = await open()
    const ways = async () => ((await asked('either')) as { any: { id: string }[] }).any.map(({ id }) => id)
    expect(await ways()).toEqual(['member', 'guest'])
    stop(other)
    clock.advance(60)
    expect(await ways()).toEqual(['member'])
  })

  it('is one, too, that publishes no list any more', async () => {
    const stale = await open({ notRevokedWithin: 60, staleSince: NOW - 121 })
    expect(await stale.asked('member')).toMatchObject({ issuers: [stale.issuer.metadata.origin] })
    expect(await stale.asked('guest')).toBe(503)
    const current = await open({ notRevokedWithin: 60, staleSince: NOW - 120 })
    expect(await current.asked('guest')).toMatchObject({ issuers: [current.other.metadata.origin] })
  })

  it('is asked again where its list has grown too old while the site kept it', async () => {
    const { other, clock, asked } = await open({ notRevokedWithin: 60, staleSince: NOW - 110 })
    const named = { issuers: [other.metadata.origin] }
    expect(await asked('guest')).toMatchObject(named)
    clock.advance(11)
    other.status.publish(NOW + 11)
    expect(await asked('guest')).toMatchObject(named)
  })

  it('stops the answer when the request names it, though the credential is of another', async () => {
    const { other, clock, stop, answer, send } = await open()
    const { presentation } = await answer('member')
    stop(other)
    clock.advance(60)
    expect(await send(presentation)).toMatchObject({ status: 503, error: 'issuer_unreachable', retryable: true })
  })

  it('does not stop an answer that needs nothing of it', async () => {
    const { other, clock, stop, answer, send } = await open()
    const { presentation } = await answer('either', ['member'])
    stop(other)
    clock.advance(60)
    expect(await send(presentation)).toMatchObject({ status: 200 })
  })
})
