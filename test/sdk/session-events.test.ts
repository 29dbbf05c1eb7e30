import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hashBearer } from '../../sdk/server/cookie.ts'
import { createSessionEvents } from '../../sdk/server/session-events.ts'
import type { Store, StoredSession } from '../../sdk/server/store/store.ts'
import type { StoredState } from '../../src/protocol/session-state.ts'
import { codeOfAsync } from '../expect-code.ts'

const BROWSER = 'b'.repeat(43)
const COOKIE = `__Host-touchstone=${BROWSER}`
const START = new Date('2026-03-01T12:00:00Z').getTime()

let errors: unknown[]
let sessions: Map<string, StoredSession>
let listeners: Set<(state: StoredState) => void>
let events: ReturnType<typeof createSessionEvents>

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  errors = []
  listeners = new Set()
  sessions = new Map(['one', 'two', 'three'].map((id) => [id, session(id)]))
  events = make()
})
afterEach(() => {
  vi.useRealTimers()
  expect(errors).toEqual([])
})

function session(id: string, state: StoredState = 'INITIALIZED'): StoredSession {
  return {
    id,
    requestName: 'signIn',
    browserHash: hashBearer(BROWSER),
    jws: 'jws',
    transport: 'window',
    state,
    expiresAt: START + 120_000,
    presentationDigest: null,
  }
}

function make(limits?: { perSession: number; inAll: number }, changes: Partial<Store> = {}) {
  // A cast, for only these two methods of a store are used.
  const store = {
    findSession: async (id: string) => sessions.get(id),
    watch: (_id: string, listener: (state: StoredState) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ...changes,
  } as unknown as Store
  const onError = (error: unknown) => errors.push(error)
  return createSessionEvents({ store, clock: () => new Date(), onError, ...(limits && { limits }) })
}

/** The session changes, and who watches hears it. */
function enter(state: StoredState, id = 'one') {
  sessions.set(id, { ...session(id), state })
  for (const listener of [...listeners]) listener(state)
}

async function open(id = 'one', lastEventId: string | null = null, cookie: string | null = COOKIE) {
  const response = await events.open({ id, cookie, lastEventId })
  const reader = response.body?.getReader()
  let text = ''
  let ended = false
  void (async () => {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      text += new TextDecoder().decode(next.value)
    }
    ended = true
  })()
  await settle()
  return {
    response,
    cancel: () => reader?.cancel(),
    get text() {
      return text
    },
    get ended() {
      return ended
    },
    get told() {
      return [...text.matchAll(/^event: state\nid: (\d)\ndata: \{"state":"([A-Z]+)"\}\n\n/gm)].map(
        ([, n, s]) => `${n} ${s}`,
      )
    },
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('an event stream', () => {
  it('begins with the state there is, tells each that follows, and ends after a final one', async () => {
    const stream = await open()
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.text).toBe('retry: 2000\n\nevent: state\nid: 1\ndata: {"state":"INITIALIZED"}\n\n')
    for (const state of ['CONNECTED', 'PROVING', 'DONE'] as const) enter(state)
    await settle()
    expect(stream.told).toEqual(['1 INITIALIZED', '3 CONNECTED', '4 PROVING', '5 DONE'])
    expect(stream.ended).toBe(true)
    expect(listeners.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells nothing twice, nothing backwards, and nothing after the end', async () => {
    const stream = await open()
    for (const state of ['PROVING', 'PROVING', 'CONNECTED', 'CANCELLED', 'DONE'] as const) enter(state)
    await settle()
    expect(stream.told).toEqual(['1 INITIALIZED', '4 PROVING', '6 CANCELLED'])
  })

  it('tells what happened between the first look and the watch', async () => {
    events = make(undefined, {
      watch: (id) => {
        sessions.set(id, session(id, 'CONNECTED'))
        return () => {}
      },
    })
    expect((await open()).told).toEqual(['1 INITIALIZED', '3 CONNECTED'])
  })

  it('goes on where the browser stopped hearing', async () => {
    sessions.set('one', session('one', 'CONNECTED'))
    expect((await open('one', '3')).told).toEqual([])
    expect((await open('one', '1')).told).toEqual(['3 CONNECTED'])
    const stream = await open('one', '3')
    enter('PROVING')
    await settle()
    expect(stream.told).toEqual(['4 PROVING'])
    // What none of our streams has said is no place to go on from.
    for (const strange of ['8', '99', '-1', 'x', '3.0', '']) {
      const other = await open('two', strange)
      expect(other.told).toEqual(['1 INITIALIZED'])
      await other.cancel()
    }
  })

  it.each(['DONE', 'CANCELLED'] as const)(
    'of a session that is %s tells that and ends; then there is none',
    async (state) => {
      sessions.set('one', session('one', state))
      const stream = await open('one', '4')
      expect(stream.told).toEqual([`${state === 'DONE' ? 5 : 6} ${state}`])
      expect(stream.ended).toBe(true)
      const again = await open('one', stream.told[0]?.slice(0, 1) ?? null)
      expect(again.response.status).toBe(204)
      expect(again.text).toBe('')
    },
  )

  it('tells TIMEOUT at the end of the session’s time, to the second', async () => {
    const stream = await open()
    await vi.advanceTimersByTimeAsync(119_000)
    expect(stream.told).toEqual(['1 INITIALIZED'])
    await vi.advanceTimersByTimeAsync(999)
    expect(stream.told).toEqual(['1 INITIALIZED'])
    await vi.advanceTimersByTimeAsync(1)
    expect(stream.told).toEqual(['1 INITIALIZED', '7 TIMEOUT'])
    expect(stream.ended).toBe(true)
    expect((await open('one', '7')).response.status).toBe(204)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('goes by the clock, and not by the timer', async () => {
    const stream = await open()
    vi.setSystemTime(START - 60_000)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(stream.told).toEqual(['1 INITIALIZED'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stream.told).toEqual(['1 INITIALIZED', '7 TIMEOUT'])
  })

  it('tells what was accepted in the last moment, though nobody said so in time', async () => {
    const stream = await open()
    sessions.set('one', session('one', 'DONE'))
    await vi.advanceTimersByTimeAsync(120_000)
    expect(stream.told).toEqual(['1 INITIALIZED', '5 DONE'])
  })

  it('says something every fifteen seconds', async () => {
    const stream = await open()
    await vi.advanceTimersByTimeAsync(14_999)
    expect(stream.text).not.toContain('\n:\n')
    await vi.advanceTimersByTimeAsync(1)
    expect(stream.text.endsWith('\n\n:\n\n')).toBe(true)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(stream.text.endsWith('\n\n:\n\n:\n\n:\n\n')).toBe(true)
  })

  it('is for the browser that began the session', async () => {
    for (const cookie of [null, '', `__Host-touchstone=${'c'.repeat(43)}`, `${COOKIE}; ${COOKIE}`]) {
      expect(await codeOfAsync(open('one', null, cookie))).toBe('session_unknown')
    }
    expect(await codeOfAsync(open('four'))).toBe('session_unknown')
  })
})

describe('the number of streams', () => {
  it('is four of a session, and whoever goes makes room', async () => {
    const streams = await Promise.all(Array.from({ length: 4 }, () => open()))
    expect(await codeOfAsync(open())).toBe('streams_exhausted')
    await open('two')
    await streams[0]?.cancel()
    await open()
    expect(await codeOfAsync(open())).toBe('streams_exhausted')
    enter('DONE')
    await settle()
    expect(streams.slice(1).map(({ ended }) => ended)).toEqual([true, true, true])
    sessions.set('one', session('one'))
    await open()
  })

  it('is limited in all, and streams that tell only an end take no place for long', async () => {
    events = make({ perSession: 4, inAll: 2 })
    const first = await open('one')
    await open('two')
    expect(await codeOfAsync(open('three'))).toBe('streams_exhausted')
    await first.cancel()
    sessions.set('three', session('three', 'DONE'))
    for (let i = 0; i < 5; i++) expect((await open('three')).told).toEqual(['5 DONE'])
    expect((await open('one')).told).toEqual(['1 INITIALIZED'])
  })

  it('is none after the close, and nothing goes on', async () => {
    const streams = [await open(), await open('two')]
    events.close()
    await settle()
    expect(streams.map(({ ended }) => ended)).toEqual([true, true])
    expect(listeners.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('goes down with a store that fails, which is reported', async () => {
    let isDown = false
    const down = new Error('out of reach')
    events = make(undefined, {
      findSession: async (id) => {
        if (isDown) throw down
        isDown = true
        return sessions.get(id)
      },
    })
    const stream = await open()
    expect(stream.told).toEqual(['1 INITIALIZED'])
    expect(stream.ended).toBe(true)
    expect(errors.splice(0)).toEqual([down])
  })
})
