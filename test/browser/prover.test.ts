import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PageFailure, PageProof } from '../../bench/prover-site/page.ts'
import { type ProverSite, startProverSite } from '../../bench/prover-site/site.ts'
import { ensureKeySet, type KeySet } from '../../scripts/keys.ts'
import { ARTEFACT_CACHE_NAME } from '../../src/prover/artefact-cache.ts'
import { verifyWithSnarkjs } from '../prover/snarkjs-verify.ts'

const INPUTS = { context: '5', issuerScope: '6', holderSecret: '7', holderBlinding: '8' }

let keySet: KeySet
let site: ProverSite
/** Set by a test, cleared before each: what the server sends instead of a file. */
let tamper: ((path: string, bytes: Uint8Array) => Uint8Array | undefined) | undefined

beforeAll(async () => {
  keySet = await ensureKeySet({ origin: 'development' })
  site = await startProverSite({
    keys: dirname(keySet.directory),
    keySetHash: keySet.hash,
    tamper: (path, bytes) => (tamper ? tamper(path, bytes) : bytes),
  })
})

afterAll(() => site?.stop())

beforeEach(() => {
  tamper = undefined
  site.asked.length = 0
})

const prove = (page: Page): Promise<PageProof | PageFailure> =>
  page.evaluate((inputs) => proverPage.prove('issue-v1', inputs), INPUTS)

const file = (end: string): string => `/keys/${keySet.hash}/${end}`

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1
  return copy
}

describe('the prover in Chromium, under the wallet’s content security policy', () => {
  test('downloads with progress, proves, and proves again from memory', async () => {
    const page = await site.open()
    const first = proofOf(await prove(page))
    expect(await verify(first)).toBe(true)
    expect(site.asked).toEqual([file('manifest.json'), file('issue-v1.zkey.packed'), file('issue-v1.wasm')])
    expect(Object.keys(first.starts)).toEqual(['download', 'load', 'witness', 'prove'])
    const downloads = first.progress.filter(({ phase }) => phase === 'download')
    const loaded = downloads.map((step) => step.loaded ?? 0)
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b))
    expect(loaded.at(-1)).toBe(downloads[0]?.total)
    const second = proofOf(await prove(page))
    expect(await verify(second)).toBe(true)
    expect(Object.keys(second.starts)).toEqual(['witness', 'prove'])
  })

  test('takes everything from Cache Storage when the worker is a new one, without the network', async () => {
    const page = await site.open()
    proofOf(await prove(page))
    site.asked.length = 0
    tamper = () => undefined
    await page.evaluate(() => proverPage.endWorker())
    const again = proofOf(await prove(page))
    expect(Object.keys(again.starts)).toEqual(['load', 'witness', 'prove'])
    expect(site.asked).toEqual([])
  })

  test('fetches once more what Cache Storage holds corrupted', async () => {
    const page = await site.open()
    proofOf(await prove(page))
    site.asked.length = 0
    await page.evaluate(
      async ([cacheName, hash]) => {
        const cache = await caches.open(cacheName)
        const bytes = new Uint8Array((await (await cache.match(`/artefacts/${hash}`))?.arrayBuffer()) ?? [])
        bytes[1000] = (bytes[1000] ?? 0) ^ 1
        await cache.put(`/artefacts/${hash}`, new Response(bytes))
        proverPage.endWorker()
      },
      [ARTEFACT_CACHE_NAME, keySet.manifest.circuits['issue-v1']?.zkey ?? ''] as const,
    )
    expect(await verify(proofOf(await prove(page)))).toBe(true)
    expect(site.asked).toEqual([file('issue-v1.zkey.packed')])
  })

  test.each([
    ['artefact_corrupt', 'a byte is flipped in the proving key', 'issue-v1.zkey.packed', flipped],
    ['artefact_corrupt', 'a byte is flipped in the witness program', 'issue-v1.wasm', flipped],
    [
      'artefact_corrupt',
      'the proving key is longer',
      'issue-v1.zkey.packed',
      (bytes: Uint8Array) => Buffer.concat([bytes, bytes]),
    ],
    ['artefact_unreachable', 'the connection breaks', 'issue-v1.zkey.packed', () => undefined],
    ['key_set_mismatch', 'the manifest is another one', 'manifest.json', otherOrigin],
  ])('fails with %s when %s, and recovers', async (code, _, name, change) => {
    const page = await site.open()
    tamper = (path, bytes) => (path === file(name) ? change(bytes) : bytes)
    expect(await prove(page)).toMatchObject({ name: 'ProverError', code })
    tamper = undefined
    expect(await verify(proofOf(await prove(page)))).toBe(true)
  })

  test.each(['download', 'prove'] as const)('stops within 100 ms in the phase %s, and proves again', async (phase) => {
    const page = await site.open()
    const stopped = await page.evaluate(([inputs, abortIn]) => proverPage.prove('issue-v1', inputs, abortIn), [
      INPUTS,
      phase,
    ] as const)
    expect(stopped).toMatchObject({ name: 'AbortError' })
    expect('afterAbort' in stopped && stopped.afterAbort).toBeLessThan(100)
    expect(await verify(proofOf(await prove(page)))).toBe(true)
  })
})

function otherOrigin(bytes: Uint8Array): Uint8Array {
  return Buffer.from(new TextDecoder().decode(bytes).replace('development', 'ceremony'))
}

function proofOf(outcome: PageProof | PageFailure): PageProof {
  if (!('proof' in outcome)) throw new Error(`no proof: ${outcome.name} ${outcome.code}`)
  return outcome
}

function verify({ proof, publicSignals }: PageProof): Promise<boolean> {
  return verifyWithSnarkjs(join(keySet.directory, 'issue-v1.vkey.json'), Uint8Array.from(proof), publicSignals)
}
