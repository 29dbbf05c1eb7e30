import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIssuerDirectory, fetchIssuer } from '../../sdk/server/issuer-directory.ts'
import { serverFetch } from '../../sdk/server/loopback-fetch.ts'
import { serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { makeIssuer } from '../fixtures/issuer.ts'

const { metadata } = makeIssuer()
const ORIGIN = metadata.origin

function counting(answer: () => Promise<unknown>) {
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
    const { calls, load } = counting(async () => serializeIssuerMetadata(metadata))
    const directory = createIssuerDirectory(load, () => now)
    const loaded = await Promise.all([directory.load([ORIGIN, ORIGIN]), directory.load([ORIGIN])])
    for (const known of loaded) expect(known.get(ORIGIN)).toEqual(metadata)
    now = 59_999
    await directory.load([ORIGIN])
    expect(calls.count).toBe(1)
    now = 60_000
    await directory.load([ORIGIN])
    expect(calls.count).toBe(2)
  })

  it('keeps no failure', async () => {
    let up = false
    const { load } = counting(async () => (up ? serializeIssuerMetadata(metadata) : Promise.reject(new Error('down'))))
    const directory = createIssuerDirectory(load, () => 0)
    expect((await directory.load([ORIGIN])).size).toBe(0)
    up = true
    expect((await directory.load([ORIGIN])).size).toBe(1)
  })

  it('believes an issuer about itself alone', async () => {
    const other = parseOrigin('https://other.example')
    const directory = createIssuerDirectory(
      async () => serializeIssuerMetadata(metadata),
      () => 0,
    )
    expect([...(await directory.load([ORIGIN, other])).keys()]).toEqual([ORIGIN])
  })

  it('refuses metadata with a key of small order', async () => {
    const json = serializeIssuerMetadata(metadata)
    const identity = ['A'.repeat(43), `${'A'.repeat(42)}E`]
    const directory = createIssuerDirectory(
      async () => ({ ...json, keys: json.keys.map((key) => ({ ...key, point: identity })) }),
      () => 0,
    )
    expect((await directory.load([ORIGIN])).size).toBe(0)
  })
})

describe('serverFetch', () => {
  let close = () => {}
  afterEach(() => close())

  async function listen(answer: (host: string | undefined) => { status?: number; body: string }): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      const { status = 200, body } = answer(incoming.headers.host)
      outgoing.writeHead(status).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    close = () => server.close()
    // A listening TCP server has an AddressInfo.
    return `http://issuer.localhost:${(server.address() as AddressInfo).port}`
  }

  it('reaches names that only browsers resolve, under those names', async () => {
    const hosts: (string | undefined)[] = []
    const origin = await listen((host) => {
      hosts.push(host)
      return { body: JSON.stringify(serializeIssuerMetadata({ ...metadata, origin: parseOrigin(`http://${host}`) })) }
    })
    const directory = createIssuerDirectory(fetchIssuer(serverFetch), () => 0)
    const known = await directory.load([parseOrigin(origin)])
    expect(hosts).toEqual([new URL(origin).host])
    expect(known.get(parseOrigin(origin))?.name).toBe(metadata.name)
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
