import { describe, expect, it } from 'vitest'
import { createIssuerDirectory, type IssuerLoader } from '../../sdk/server/issuer-directory.ts'
import { makeStatusPublisher } from '../../sdk/testing/status-publisher.ts'
import { serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { FIRST_EPOCH_AT, loaderOf, makeIssuer, type TestIssuer } from '../fixtures/issuer.ts'
import { down, issuer, onError, served } from './served-issuer.ts'

const { metadata, status } = issuer
const ORIGIN = metadata.origin

function counting(answer: () => ReturnType<IssuerLoader>) {
  const calls = { count: 0 }
  const load = () => {
    calls.count++
    return answer()
  }
  return { calls, load }
}

describe('createIssuerDirectory', () => {
  it('asks once in a minute, however many ask at once', async () => {
    let now = 0
    const { calls, load } = counting(async () => served())
    const directory = createIssuerDirectory({ load, now: () => now, onError })
    const loaded = await Promise.all([directory.load([ORIGIN, ORIGIN]), directory.load([ORIGIN])])
    for (const known of loaded) expect(known.get(ORIGIN)).toEqual({ metadata, history: status.history() })
    now = 59_999
    await directory.load([ORIGIN])
    expect(calls.count).toBe(1)
    now = 60_000
    await directory.load([ORIGIN])
    expect(calls.count).toBe(2)
  })

  it('keeps a failure for ten seconds from its end', async () => {
    const clock = { now: 0 }
    let up = false
    const { calls, load } = counting(async () => {
      if (up) return served()
      // As long as an issuer that hangs.
      clock.now += 5_000
      return down()
    })
    const directory = createIssuerDirectory({ load, now: () => clock.now, onError })
    const known = async () => (await directory.load([ORIGIN])).size
    expect(await known()).toBe(0)
    up = true
    clock.now += 9_999
    await directory.refresh(ORIGIN)
    expect(await known()).toBe(0)
    expect(calls.count).toBe(1)
    clock.now += 1
    expect(await known()).toBe(1)
    expect(calls.count).toBe(2)
  })

  it('asks again at once after a failure where the clock was set back by an hour', async () => {
    const clock = { now: 3_600_000 }
    const { calls, load } = counting(down)
    const directory = createIssuerDirectory({ load, now: () => clock.now, onError })
    await directory.load([ORIGIN])
    await directory.load([ORIGIN])
    expect(calls.count).toBe(1)
    clock.now = 0
    await directory.load([ORIGIN])
    expect(calls.count).toBe(2)
  })

  it('believes an issuer about itself alone', async () => {
    const other = parseOrigin('https://other.example')
    const directory = createIssuerDirectory({ load: async () => served(), now: () => 0, onError })
    expect([...(await directory.load([ORIGIN, other])).keys()]).toEqual([ORIGIN])
  })

  it('refuses metadata with a key of small order', async () => {
    const identity = ['A'.repeat(43), `${'A'.repeat(42)}E`]
    const { keys } = serializeIssuerMetadata(metadata)
    const directory = createIssuerDirectory({
      load: async () => served({ keys: keys.map((key) => ({ ...key, point: identity })) }),
      now: () => 0,
      onError,
    })
    expect((await directory.load([ORIGIN])).size).toBe(0)
  })

  it('refuses a status list whose epochs its own status keys did not sign, or that has none', async () => {
    const stranger = makeIssuer()
    const answers = [
      { ...served(), statusHistory: stranger.status.served() },
      served({ statusKeys: stranger.metadata.statusKeys }),
      { ...served(), statusHistory: { version: 1, epochs: [] } },
      { ...served(), statusHistory: undefined },
    ]
    for (const answer of answers) {
      const directory = createIssuerDirectory({ load: async () => answer, now: () => 0, onError })
      expect((await directory.load([ORIGIN])).size).toBe(0)
    }
    expect(
      (await createIssuerDirectory({ load: async () => served(), now: () => 0, onError }).load([ORIGIN])).size,
    ).toBe(1)
  })
})

describe('asking an issuer anew', () => {
  /** A directory that has loaded the first epoch, over an issuer that then published a second one. */
  async function loaded() {
    const clock = { now: 10_000 }
    const publishing = makeIssuer()
    const { calls, load } = counting(async () => {
      if (isDown) throw new Error('down')
      return { metadata: serializeIssuerMetadata(publishing.metadata), statusHistory: publishing.status.served() }
    })
    let isDown = false
    const directory = createIssuerDirectory({ load, now: () => clock.now, onError })
    await directory.load([ORIGIN])
    publishing.status.publish(FIRST_EPOCH_AT + 60, [7])
    return {
      clock,
      calls,
      directory,
      newest: async () => (await directory.load([ORIGIN])).get(ORIGIN)?.history[0]?.epoch,
      stop: () => {
        isDown = true
      },
    }
  }

  it('goes past the cache, and into it', async () => {
    const { clock, calls, directory, newest } = await loaded()
    clock.now += 3_000
    expect(await newest()).toBe(1)
    await directory.refresh(ORIGIN)
    expect(await newest()).toBe(2)
    expect(calls.count).toBe(2)
    clock.now += 59_999
    await newest()
    expect(calls.count).toBe(2)
  })

  it('is not done within three seconds of the last time, however many ask', async () => {
    const { clock, calls, directory, newest } = await loaded()
    clock.now += 2_999
    await directory.refresh(ORIGIN)
    expect(await newest()).toBe(1)
    clock.now += 1
    await Promise.all([1, 2, 3].map(() => directory.refresh(ORIGIN)))
    expect(await newest()).toBe(2)
    expect(calls.count).toBe(2)
  })

  it('loses nothing where the issuer does not answer, and is as rare', async () => {
    const { clock, calls, directory, newest, stop } = await loaded()
    stop()
    clock.now += 3_000
    await directory.refresh(ORIGIN)
    await directory.refresh(ORIGIN)
    expect(await newest()).toBe(1)
    expect(calls.count).toBe(2)
    // Though three seconds have passed: one that failed is left alone for ten.
    clock.now += 9_999
    await directory.refresh(ORIGIN)
    expect(calls.count).toBe(2)
    clock.now += 1
    await directory.refresh(ORIGIN)
    expect(calls.count).toBe(3)
    // What is kept is not younger for it.
    clock.now += 47_000
    expect(await newest()).toBeUndefined()
  })
})

describe('an issuer that takes back what it published', () => {
  const DAY = 86_400_000
  type Served = Pick<TestIssuer, 'metadata' | 'status'>

  /** A directory that has seen two epochs, over an issuer that then serves what `next` gives. */
  async function seen(next: (publishing: TestIssuer) => Served) {
    const clock = { now: 0 }
    const publishing = makeIssuer()
    publishing.status.publish(FIRST_EPOCH_AT + 60, [7])
    const honest = publishing.status.history()
    let serving: Served = publishing
    const reported: unknown[] = []
    const directory = createIssuerDirectory({
      load: async (origin) => loaderOf(serving)(origin),
      now: () => clock.now,
      onError: (error) => reported.push(error),
    })
    const history = async () => (await directory.load([ORIGIN])).get(ORIGIN)?.history
    expect(await history()).toEqual(honest)
    serving = next(publishing)
    clock.now += 60_000
    return { clock, honest, history, reported, directory, serve: (again: Served) => (serving = again) }
  }

  /** The same status key would have to sign; for the directory the metadata may name another. */
  function begunAgain(keys?: TestIssuer['status']['keys']) {
    const { metadata } = makeIssuer()
    const publishing = makeStatusPublisher({ issuer: ORIGIN, publishedAt: FIRST_EPOCH_AT, keys: keys ?? metadata.keys })
    return { metadata: { ...metadata, statusKeys: [publishing.publicKey] }, status: publishing }
  }

  it('is known by what it published before, and reported', async () => {
    const { honest, history, reported, directory, clock } = await seen(() => begunAgain())
    expect(await history()).toEqual(honest)
    expect(reported).toMatchObject([{ code: 'status_history_invalid' }])
    await history()
    expect(reported.length).toBe(1)
    clock.now += 3_000
    await directory.refresh(ORIGIN)
    expect(await history()).toEqual(honest)
    expect(reported.length).toBe(2)
  })

  it('is one, too, that says otherwise of the same epoch, and no more once it says the same again', async () => {
    const { honest, history, reported, serve, clock } = await seen(({ status }) => {
      const again = begunAgain([makeIssuer().key])
      again.status.publish(FIRST_EPOCH_AT + 60, [7])
      expect(again.status.epoch).toEqual({ ...status.epoch, keys: again.status.keys })
      return again
    })
    expect(await history()).toEqual(honest)
    expect(reported.length).toBe(1)
    const [newest] = honest
    const same = begunAgain(newest?.keys)
    same.status.publish(FIRST_EPOCH_AT + 60, [7])
    serve(same)
    clock.now += 60_000
    expect(await history()).toEqual(honest)
    expect(reported.length).toBe(1)
  })

  it('is believed again when what it published before is too old for any request', async () => {
    const { history, reported, clock } = await seen(() => begunAgain())
    clock.now = 31 * DAY - 1
    expect((await history())?.[0]?.epoch).toBe(2)
    expect(reported.length).toBe(1)
    clock.now += 60_000
    expect((await history())?.[0]?.epoch).toBe(1)
    expect(reported.length).toBe(1)
  })
})
