import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { httpSource } from '../../src/prover/artefact-source.ts'
import { directorySource } from '../../src/prover/node-source.ts'

const BODY = Buffer.alloc(100_000, 7)
let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener) {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is this shape; only a pipe's is a string.
  const { port } = server.address() as AddressInfo
  return httpSource(`http://127.0.0.1:${port}/keys/`, 'the-hash')
}

describe('httpSource', () => {
  test('reads from the key set’s folder and reports bytes as they come', async () => {
    const asked: (string | undefined)[] = []
    const source = await serve((request, response) => {
      asked.push(request.url)
      response.write(BODY.subarray(0, 40_000))
      setTimeout(() => response.end(BODY.subarray(40_000)), 50)
    })
    const counts: number[] = []
    const bytes = await source.read('a.zkey', { limit: BODY.length, onBytes: (count) => counts.push(count) })
    expect(Buffer.from(bytes).equals(BODY)).toBe(true)
    expect(counts.length).toBeGreaterThan(1)
    expect(counts.reduce((sum, count) => sum + count)).toBe(BODY.length)
    expect(asked).toEqual(['/keys/the-hash/a.zkey'])
  })

  test.each<[string, string, RequestListener]>([
    ['artefact_unreachable', 'a status of 404', (_, response) => void response.writeHead(404).end()],
    ['artefact_unreachable', 'a redirect', (_, response) => void response.writeHead(302, { location: '/x' }).end()],
    ['artefact_unreachable', 'an answer that breaks off', (_, response) => void breakOff(response)],
    ['artefact_corrupt', 'a byte more than listed', (_, response) => void response.end(Buffer.concat([BODY, BODY]))],
  ])('refuses with %s %s', async (code, _, listener) => {
    const source = await serve(listener)
    await expect(source.read('a.zkey', { limit: BODY.length })).rejects.toThrowError(expect.objectContaining({ code }))
  })

  test('refuses with artefact_unreachable where nobody listens', async () => {
    const source = await serve(() => {})
    server?.close()
    await expect(source.read('a.zkey', { limit: 1 })).rejects.toThrowError(
      expect.objectContaining({ code: 'artefact_unreachable' }),
    )
  })

  test('stops in the middle of a download', async () => {
    const controller = new AbortController()
    const source = await serve((_, response) => void response.write(BODY.subarray(0, 40_000)))
    const reading = source.read('a.zkey', {
      limit: BODY.length,
      signal: controller.signal,
      onBytes: () => controller.abort(),
    })
    await expect(reading).rejects.toThrowError(expect.objectContaining({ name: 'AbortError' }))
  })
})

describe('directorySource', () => {
  test('reads a file, within its limit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'touchstone-source-'))
    await mkdir(join(folder, 'the-hash'))
    await writeFile(join(folder, 'the-hash/a.zkey'), BODY)
    const source = directorySource(folder, 'the-hash')
    expect(Buffer.from(await source.read('a.zkey', { limit: BODY.length })).equals(BODY)).toBe(true)
    await expect(source.read('a.zkey', { limit: BODY.length - 1 })).rejects.toThrowError(
      expect.objectContaining({ code: 'artefact_corrupt' }),
    )
    await expect(source.read('b.zkey', { limit: 1 })).rejects.toThrowError(
      expect.objectContaining({ code: 'artefact_unreachable' }),
    )
    const signal = AbortSignal.abort()
    await expect(source.read('a.zkey', { limit: BODY.length, signal })).rejects.toThrowError(
      expect.objectContaining({ name: 'AbortError' }),
    )
    await rm(folder, { recursive: true })
  })
})

function breakOff(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { 'content-length': BODY.length })
  response.write(BODY.subarray(0, 40_000), () => response.destroy())
}
