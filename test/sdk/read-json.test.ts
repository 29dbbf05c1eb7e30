import { afterEach, expect, it, vi } from 'vitest'
import { type Asked, fromWebRequest } from '../../sdk/server/asked.ts'
import { readJson } from '../../sdk/server/read-json.ts'
import { codeOfAsync } from '../expect-code.ts'

afterEach(() => {
  vi.useRealTimers()
})

function post(body: BodyInit): Asked {
  const headers = { 'content-type': 'application/json' }
  // What Node wants for a body that is a stream, and the platform's types do not have.
  const options = { method: 'POST', headers, body, duplex: 'half' }
  return fromWebRequest(new Request('https://site.example/', options))
}

it('takes JSON, and refuses it behind a byte order mark', async () => {
  expect(await readJson(post('{"a":1}'))).toEqual({ a: 1 })
  expect(await codeOfAsync(readJson(post('\ufeff{"a":1}')))).toBe('body_invalid')
})

it('counts the last of members of one name', async () => {
  expect(await readJson(post('{"a":1,"a":2}'))).toEqual({ a: 2 })
})

it('waits ten seconds for a body, however it trickles in', async () => {
  vi.useFakeTimers()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const trickle = setInterval(() => writer.write(new TextEncoder().encode(' ')), 1_000)
  const code = codeOfAsync(readJson(post(readable)))
  await vi.advanceTimersByTimeAsync(9_999)
  expect(await Promise.race([code, 'waits'])).toBe('waits')
  await vi.advanceTimersByTimeAsync(1)
  expect(await code).toBe('body_too_slow')
  clearInterval(trickle)
})
