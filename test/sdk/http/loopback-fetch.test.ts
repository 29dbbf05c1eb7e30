import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIssuerDirectory, fetchIssuer } from '../../../sdk/server/issuer-directory.ts'
import { serverFetch } from '../../../sdk/server/loopback-fetch.ts'
import { serializeIssuerMetadata } from '../../../src/protocol/issuer.ts'
import { parseOrigin } from '../../../src/protocol/origin.ts'
import { makeIssuer } from '../../fixtures/issuer.ts'
import { onError } from '../served-issuer.ts'

describe('serverFetch', () => {
  let close: () => unknown = () => undefined
  afterEach(() => close())

  type Asked = { host: string | undefined; path: string | undefined }

  async function listen(answer: (asked: Asked) => { status?: number; body: string }): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      const { status = 200, body } = answer({ host: incoming.headers.host, path: incoming.url })
      outgoing.writeHead(status).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    close = () => new Promise((resolve) => server.close(resolve))
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
    await close()
    const failure = fetchIssuer(serverFetch)(parseOrigin(origin))
    await expect(failure).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
