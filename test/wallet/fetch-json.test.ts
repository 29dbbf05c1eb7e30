import { expect, test } from 'vitest'
import { fetchJson, refusalCode } from '../../src/wallet/fetch-json.ts'
import { codeOfAsync } from '../expect-code.ts'

const URL_ = 'https://site.example/x'

function answering(response: () => Response | Promise<Response>) {
  const seen: RequestInit[] = []
  const fetch = async (_: string | URL | Request, init: RequestInit = {}) => {
    seen.push(init)
    return response()
  }
  const options = { fetch, url: URL_, unreachable: 'site_unreachable' } as const
  return { seen, options }
}

test('sends no cookies and no referrer, follows no redirect', async () => {
  const { seen, options } = answering(() => Response.json({ a: 1 }))
  expect(await fetchJson(options)).toEqual({ ok: true, status: 200, value: { a: 1 } })
  expect(seen).toMatchObject([
    { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-store' },
  ])
})

test('refusals and empty answers are answers', async () => {
  const refused = answering(() => new Response('nope', { status: 503 }))
  expect(await fetchJson(refused.options)).toEqual({ ok: false, status: 503, value: undefined })
  const empty = answering(() => new Response(null, { status: 204 }))
  expect(await fetchJson(empty.options)).toEqual({ ok: true, status: 204, value: undefined })
})

test('no JSON, broken UTF-8, too long, a network error', async () => {
  const bodies = ['{', new Uint8Array([0x22, 0xff, 0x22]), `"${'a'.repeat(262_144)}"`]
  for (const body of bodies) {
    expect(await codeOfAsync(fetchJson(answering(() => new Response(body)).options))).toBe('site_unreachable')
  }
  const longest = answering(() => new Response(`"${'a'.repeat(262_142)}"`))
  expect((await fetchJson(longest.options)).ok).toBe(true)
  const broken = answering(() => Promise.reject(new TypeError('Failed to fetch')))
  expect(await codeOfAsync(fetchJson(broken.options))).toBe('site_unreachable')
})

test('gives up after its time, and at once when cancelled', async () => {
  const never = (_: string | URL | Request, { signal }: RequestInit = {}) =>
    new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const options = { fetch: never, url: URL_, unreachable: 'site_unreachable' } as const
  expect(await codeOfAsync(fetchJson({ ...options, timeoutMs: 10 }))).toBe('site_unreachable')
  const controller = new AbortController()
  const cancelled = fetchJson({ ...options, signal: controller.signal })
  controller.abort('any reason')
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
})

test("the other side's code is taken only in the agreed form", () => {
  expect(refusalCode({ error: 'challenge_used' })).toBe('challenge_used')
  for (const value of [undefined, null, 'x', {}, { error: 1 }, { error: 'No!' }, { error: `a${'b'.repeat(64)}` }]) {
    expect(refusalCode(value)).toBeUndefined()
  }
})
