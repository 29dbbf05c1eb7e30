import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atOrigin } from '../../server/at-origin.ts'
import { type Listener, listen } from '../../server/listen.ts'
import { createWalletHost } from '../../server/wallet-host.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { parseWalletMetadata } from '../../src/protocol/wallet-metadata.ts'
import { send } from './http-client.ts'

const HASH = 'H'.repeat(43)
const A_YEAR = 'public, max-age=31536000, immutable'

let directory: string
let listener: Listener
let app: FastifyInstance
let origin: Origin

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-wallet-'))
  const files = {
    'build/index.html': '<!doctype html><title>wallet</title>',
    'build/service-worker.js': '// service worker',
    'build/manifest.webmanifest': '{}',
    'build/assets/index-abc123.js': '// page',
    'build/assets/worker-abc123.js': '// worker',
    'keys/manifest.json': '{"version":1}',
    'keys/login-v1.zkey': 'z'.repeat(5000),
    'keys/login-v1.zkey.packed': 'p',
    'keys/login-v1.wasm': 'w',
    'keys/login-v1.vkey.json': '{}',
    'keys/notes.txt': 'not an artefact',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  listener = await listen(0)
  origin = parseOrigin(`http://wallet.localhost:${listener.port}`)
  const keySet = { hash: HASH, directory: join(directory, 'keys') }
  app = await createWalletHost({ origin, build: join(directory, 'build'), keySet })
  await app.ready()
  listener.serve(atOrigin(origin, (request, response) => app.routing(request, response)))
})
afterAll(async () => {
  await listener.close()
  await app.close()
  rmSync(directory, { recursive: true })
})

const get = (path: string) => send(`${origin}${path}`)

describe('the wallet’s host', () => {
  it('names the key set that it serves', async () => {
    const { status, headers, body } = await get('/.well-known/touchstone-wallet.json')
    expect([status, headers['cache-control']]).toEqual([200, 'no-cache'])
    expect(parseWalletMetadata(JSON.parse(body))).toEqual({ version: 1, keySets: [HASH] })
  })

  it('sends the policy with every response, the worker’s script and errors too', async () => {
    for (const path of ['/', '/present', '/assets/worker-abc123.js', '/service-worker.js', '/missing.js']) {
      const { headers } = await get(path)
      const policy = (headers['content-security-policy'] ?? '').split(';')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
      expect(policy).toContain("style-src 'self'")
      expect(policy).toContain("worker-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).toContain("form-action 'none'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).toContain('trusted-types touchstone')
      expect(headers['content-security-policy']).not.toContain('unsafe-inline')
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'unsafe-none',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      expect(headers['permissions-policy']).toContain('publickey-credentials-get=(self)')
      expect(headers['permissions-policy']).toContain('publickey-credentials-create=(self)')
    }
  })

  it('gives the page for its own routes, asked for anew each time', async () => {
    for (const path of ['/', '/present', '/receive', '/card/8f2a', '/settings?x=1']) {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
      expect(answer.body).toContain('<title>wallet</title>')
    }
  })

  it('keeps hashed assets for a year, and nothing else', async () => {
    expect((await get('/assets/index-abc123.js')).headers['cache-control']).toBe(A_YEAR)
    expect((await get('/service-worker.js')).headers['cache-control']).toBe('no-cache')
    expect((await get('/manifest.webmanifest')).headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': expect.stringContaining('application/manifest+json'),
    })
  })

  it('gives artefacts by their key set, as they are, with their length', async () => {
    const answer = await get(`/artefacts/${HASH}/login-v1.zkey`)
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'content-length': '5000', 'cache-control': A_YEAR })
    expect(answer.headers['content-encoding']).toBeUndefined()
    for (const file of ['manifest.json', 'login-v1.zkey.packed', 'login-v1.wasm', 'login-v1.vkey.json']) {
      expect((await get(`/artefacts/${HASH}/${file}`)).status).toBe(200)
    }
  })

  it('has no page in place of a missing file, and no way out of its folders', async () => {
    const paths = [
      '/assets/index-old.js',
      `/artefacts/${HASH}/notes.txt`,
      `/artefacts/${HASH}/missing.zkey`,
      `/artefacts/${HASH}/login-v1.wasm.packed`,
      `/artefacts/${'G'.repeat(43)}/login-v1.zkey`,
      `/artefacts/${HASH}/`,
      `/artefacts/${HASH}/..%2fbuild%2findex.html`,
      '/..%2fkeys%2fmanifest.json',
      '/.stamp',
    ]
    for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 404])
    expect((await send(`${origin}/`, { method: 'POST' })).status).toBe(404)
  })

  it('is at one origin: whoever comes by another name is sent there', async () => {
    const elsewhere = `http://127.0.0.1:${listener.port}`
    const answer = await send(`${elsewhere}/receive?a=1`)
    expect(answer.status).toBe(307)
    expect(answer.headers.location).toBe(`${origin}/receive?a=1`)
    expect(answer.body).not.toContain('<title>')
    expect((await send(`${elsewhere}/`, { method: 'POST' })).status).toBe(421)
  })
})

describe('listen', () => {
  it('holds the port and says that it is starting', async () => {
    const early = await listen(0)
    const answer = await send(`http://127.0.0.1:${early.port}/`)
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('2')
    await expect(listen(early.port)).rejects.toMatchObject({ code: 'port_in_use', port: early.port })
    await early.close()
    const next = await listen(early.port)
    await next.close()
  })
})
