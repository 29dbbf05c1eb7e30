import { afterEach, expect, test, vi } from 'vitest'
import { parseWindowMessage } from '../../src/protocol/window-message.ts'
import { type ChannelWindow, openWindowChannel } from '../../src/ui/transport/window-channel.ts'
import { codeOf } from '../expect-code.ts'

const FROM = 'https://forum.example'
const REQUEST = { type: 'touchstone:request', version: 1, jws: 'a.b.c' }

function room({ opened = true } = {}) {
  const said: { message: unknown; target: string }[] = []
  const opener = { postMessage: (message: unknown, target: string) => void said.push({ message, target }) }
  const listeners = new Set<(event: MessageEvent) => void>()
  const page: ChannelWindow = {
    opener: opened ? opener : null,
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  }
  const requests: unknown[] = []
  const channel = openWindowChannel({ page, from: FROM, onRequest: (request) => requests.push(request) })
  const hear = (event: { origin?: string; source?: unknown; data?: unknown }) => {
    const whole = { origin: FROM, source: opener, data: REQUEST, ...event }
    for (const listener of listeners) listener(whole as unknown as MessageEvent)
  }
  return { channel, said, requests, hear }
}

test('says ready to exactly the announced origin, and hears its request', () => {
  const { said, requests, hear } = room()
  expect(said).toEqual([{ message: { type: 'touchstone:ready', version: 1 }, target: FROM }])
  hear({})
  expect(requests).toEqual([{ jws: 'a.b.c', origin: FROM }])
})

test.for([
  { what: 'another origin', event: { origin: 'https://evil.example' } },
  { what: 'the same host by http', event: { origin: 'http://forum.example' } },
  { what: 'an origin that only begins so', event: { origin: 'https://forum.example.evil.example' } },
  { what: 'an opaque origin', event: { origin: 'null' } },
  { what: 'another window', event: { source: {} } },
  { what: 'no window', event: { source: null } },
  { what: 'another version', event: { data: { ...REQUEST, version: 2 } } },
  { what: 'a further member', event: { data: { ...REQUEST, origin: FROM } } },
  { what: 'a request that is no text', event: { data: { ...REQUEST, jws: ['a.b.c'] } } },
  { what: 'a request that is too long', event: { data: { ...REQUEST, jws: 'a'.repeat(16_385) } } },
  { what: 'a message of the wallet', event: { data: { type: 'touchstone:ready', version: 1 } } },
  { what: 'text', event: { data: 'touchstone:request' } },
])('ignores $what, without an answer', ({ event }) => {
  const { said, requests, hear } = room()
  hear(event)
  expect(requests).toEqual([])
  expect(said).toHaveLength(1)
  hear({})
  expect(requests).toHaveLength(1)
})

test('hears one request only, and answers once, to the announced origin', () => {
  const { channel, said, requests, hear } = room()
  hear({})
  hear({ data: { ...REQUEST, jws: 'd.e.f' } })
  expect(requests).toHaveLength(1)
  channel?.answer('c'.repeat(43))
  channel?.decline()
  expect(said.slice(1)).toEqual([
    { message: { type: 'touchstone:code', version: 1, code: 'c'.repeat(43) }, target: FROM },
  ])
})

test('a closed channel hears nothing', () => {
  const { channel, requests, hear } = room()
  channel?.close()
  hear({})
  expect(requests).toEqual([])
})

test('there is no channel where no page opened this one, or for what is no origin', () => {
  expect(room({ opened: false }).channel).toBeUndefined()
  const page = { opener: null, addEventListener: () => {}, removeEventListener: () => {} }
  for (const from of ['https://forum.example/path', 'http://forum.example', '*', '']) {
    expect(codeOf(() => openWindowChannel({ page, from, onRequest: () => {} }))).toBe('origin_invalid')
  }
})

afterEach(() => vi.useRealTimers())

/** What the opener is told from the touch on, with what happens after so many milliseconds. */
function progressOf({ channel, said }: ReturnType<typeof room>) {
  vi.useFakeTimers()
  channel?.proving()
  vi.advanceTimersByTime(60_000)
  return said.slice(1).map(({ message, target }) => {
    const parsed = parseWindowMessage(message)
    return { target, progress: parsed.type === 'touchstone:progress' ? parsed.progress : undefined }
  })
}

test('from the touch on it says how far the work may be: forward only, never the end, the same whatever happens', () => {
  const told = progressOf(room())
  expect(told).toHaveLength(241)
  expect(new Set(told.map(({ target }) => target))).toEqual(new Set([FROM]))
  const parts = told.map(({ progress }) => progress ?? Number.NaN)
  expect(parts.slice(0, 5)).toEqual([0, 0.158, 0.29, 0.401, 0.495])
  expect(parts).toEqual([...parts].sort((a, b) => a - b))
  expect(parts.at(-1)).toBe(0.99)
  vi.useRealTimers()
  expect(progressOf(room())).toEqual(told)
})

test('a second touch does not begin anew, and nothing comes after the answer or the close', () => {
  for (const end of ['answer', 'decline', 'close'] as const) {
    const { channel, said } = room()
    vi.useFakeTimers()
    channel?.proving()
    vi.advanceTimersByTime(500)
    channel?.proving()
    expect(said.slice(1)).toHaveLength(3)
    channel?.[end]('c'.repeat(43))
    const before = said.length
    if (end !== 'close') channel?.proving()
    vi.advanceTimersByTime(5_000)
    expect(said).toHaveLength(before)
    vi.useRealTimers()
  }
})
