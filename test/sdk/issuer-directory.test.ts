import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIssuerDirectory, fetchIssuer, type IssuerLoader } from '../../sdk/server/issuer-directory.ts'
import { createIssuerMemory, recordsInMemory } from '../../sdk/server/issuer-memory.ts'
import { serverFetch } from '../../sdk/server/loopback-fetch.ts'
import { makeStatusPublisher } from '../../sdk/testing/status-publisher.ts'
import { serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { FIRST_EPOCH_AT, loaderOf, makeIssuer, type TestIssuer } from '../fixtures/issuer.ts'

const issuer = makeIssuer()
const { metadata, status } = issuer
const ORIGIN = metadata.origin

/** What the issuer of the tests serves, with some of it changed. */
function served(changes: object = {}) {
  return {
    metadata: { ...serializeIssuerMetadata(metadata), ...changes },
    statusHistory: status.served() as unknown,
  }
}

function counting(answer: () => ReturnType<IssuerLoader>) {
  const calls = { count: 0 }
  const load = () => {
    calls.count++
    return answer()
  }
  return { calls, load }
}

/** Fails the test: nothing is reported but what a test expects. */
const onError = (error: unknown) => {
  throw error
}

const down = async () => Promise.reject(new Error('down'))

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

describe('what was seen of an issuer', () => {
  /** A directory of a process that has just started, over what earlier ones have kept. */
  function start(records: ReturnType<typeof recordsInMemory>, load: IssuerLoader, milliseconds = 0) {
    const reported: unknown[] = []
    const failures: string[] = []
    const surroundings = { now: () => milliseconds, onError: (error: unknown) => reported.push(error) }
    const directory = createIssuerDirectory({
      ...surroundings,
      load,
      memory: createIssuerMemory({ ...surroundings, records }),
      onFailure: (origin, code) => failures.push(`${origin} ${code}`),
    })
    const history = async () => (await directory.load([ORIGIN])).get(ORIGIN)?.history
    return { history, reported, failures }
  }

  /** An issuer with two epochs, and the same with the second one taken back. */
  function twoEpochs() {
    const { metadata, status } = makeIssuer()
    const earlier = { metadata: serializeIssuerMetadata(metadata), statusHistory: status.served() }
    status.publish(FIRST_EPOCH_AT + 60, [7])
    const later = { metadata: serializeIssuerMetadata(metadata), statusHistory: status.served() }
    return { earlier: async () => earlier, later: async () => later, honest: status.history() }
  }

  it('is known after a restart, and to another process', async () => {
    const records = recordsInMemory()
    const { earlier, later, honest } = twoEpochs()
    expect(await start(records, later).history()).toEqual(honest)
    const again = start(records, earlier)
    expect(await again.history()).toEqual(honest)
    expect(again.reported).toMatchObject([{ code: 'status_history_invalid' }])
    expect(again.failures).toEqual([`${ORIGIN} status_history_invalid`])
    expect(await start(records, later).history()).toEqual(honest)
  })

  it('is forgotten when no request could accept it', async () => {
    const records = recordsInMemory()
    const { earlier, later } = twoEpochs()
    await start(records, later).history()
    const month = 31 * 86_400_000
    expect(await start(records, earlier, month - 1).history()).toHaveLength(2)
    const again = start(records, earlier, month)
    expect(await again.history()).toHaveLength(1)
    expect(again.reported).toEqual([])
  })

  it('is written where it is new, and not with every asking', async () => {
    const records = recordsInMemory()
    const keepIssuer = vi.spyOn(records, 'keepIssuer')
    const clock = { now: 0 }
    const memory = createIssuerMemory({ records, now: () => clock.now, onError })
    const directory = createIssuerDirectory({ load: async () => served(), now: () => clock.now, onError, memory })
    for (let minute = 0; minute < 5; minute++) {
      await directory.load([ORIGIN])
      clock.now += 60_000
    }
    expect(keepIssuer).toHaveBeenCalledTimes(1)
    clock.now = 86_400_000
    await directory.load([ORIGIN])
    expect(keepIssuer).toHaveBeenCalledTimes(2)
  })

  it('is what this process has seen, where the store fails', async () => {
    const broken = async () => Promise.reject(new Error('the disk is full'))
    const { history, reported } = start({ findIssuer: broken, keepIssuer: broken }, async () => served())
    expect(await history()).toEqual(status.history())
    expect(reported).toMatchObject([{ message: 'the disk is full' }, { message: 'the disk is full' }])
  })

  it('is told where an issuer cannot be had', async () => {
    const { history, failures } = start(recordsInMemory(), down)
    expect(await history()).toBeUndefined()
    expect(failures).toEqual([`${ORIGIN} issuer_unreachable`])
  })
})

describe('serverFetch', () => {
  let close = () => {}
  afterEach(() => close())

  type Asked = { host: string | undefined; path: string | undefined }

  async function listen(answer: (asked: Asked) => { status?: number; body: string }): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      const { status = 200, body } = answer({ host: incoming.headers.host, path: incoming.url })
      outgoing.writeHead(status).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    close = () => server.close()
    // A listening TCP server has an AddressInfo.
    return `http://issuer.localhost:${(server.address() as AddressInfo).port}`
  }

  it('reaches names that only browsers resolve, under those names', async () => {
    const asked: Asked[] = []
    const files = new Map<string | undefined, unknown>()
    const origin = await listen((request) => {
      asked.push(request)
      return { body: JSON.stringify(files.get(request.path)) }
    })
    const local = makeIssuer({ origin })
    files.set('/.well-known/touchstone-issuer.json', serializeIssuerMetadata(local.metadata))
    files.set('/.well-known/touchstone-status.json', local.status.served())
    const directory = createIssuerDirectory({ load: fetchIssuer(serverFetch), now: () => 0, onError })
    const known = await directory.load([parseOrigin(origin)])
    expect(known.get(parseOrigin(origin))).toEqual({ metadata: local.metadata, history: local.status.history() })
    expect(asked.map(({ host }) => host)).toEqual([new URL(origin).host, new URL(origin).host])
  })

  it('takes a refusal and an endless answer for none', async () => {
    const refusing = await listen(() => ({ status: 500, body: '{}' }))
    await expect(fetchIssuer(serverFetch)(parseOrigin(refusing))).rejects.toThrow('500')
    close()
    const endless = await listen(() => ({ body: ' '.repeat(300_000) }))
    await expect(fetchIssuer(serverFetch)(parseOrigin(endless))).rejects.toThrow('262144')
  })

  it('takes an endless answer from elsewhere for none, and lets go of it', async () => {
    let [sent, cancelled] = [0, false]
    const endless = (pieces: number) =>
      new ReadableStream({
        pull: (controller) => {
          if (sent === pieces) return controller.close()
          sent++
          controller.enqueue(new Uint8Array(65_536).fill(0x20))
        },
        cancel: () => {
          cancelled = true
        },
      })
    const asked = vi.spyOn(globalThis, 'fetch')
    close = () => asked.mockRestore()
    asked.mockImplementation(async () => new Response(endless(1000)))
    await expect(serverFetch('https://issuer.example/', { signal: AbortSignal.timeout(5000) })).rejects.toThrow(
      '262144',
    )
    expect(cancelled).toBe(true)
    expect(sent).toBeLessThan(8)
    sent = 0
    asked.mockImplementation(async () => new Response(endless(4)))
    const whole = await serverFetch('https://issuer.example/', { signal: AbortSignal.timeout(5000) })
    expect((await whole.arrayBuffer()).byteLength).toBe(262_144)
    expect(asked.mock.lastCall?.[1]).toMatchObject({ redirect: 'error' })
  })

  it('fails where nobody listens', async () => {
    const origin = await listen(() => ({ body: '' }))
    close()
    await new Promise((resolve) => setTimeout(resolve, 10))
    await expect(fetchIssuer(serverFetch)(parseOrigin(origin))).rejects.toThrow()
  })
})
