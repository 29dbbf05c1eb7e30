import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { VerificationOptions } from '../../../sdk/server.ts'
import { serializePresentation } from '../../../src/protocol/presentation.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'

/** Threads that the verifier under test has started, and what happens to what is sent to them. */
const threads = vi.hoisted(() => ({
  started: [] as Worker[],
  onRequest: undefined as ((worker: Worker, send: () => void) => void) | undefined,
}))

vi.mock('node:worker_threads', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:worker_threads')>()
  class WatchedWorker extends original.Worker {
    constructor(...options: ConstructorParameters<typeof Worker>) {
      super(...options)
      threads.started.push(this)
    }
    override postMessage(value: unknown) {
      const send = () => super.postMessage(value)
      if (threads.onRequest) threads.onRequest(this, send)
      else send()
    }
  }
  return { ...original, Worker: WatchedWorker }
})

afterEach(() => {
  threads.started = []
  threads.onRequest = undefined
})

async function openSite(verification: VerificationOptions) {
  const site = await openSimulatedSite({ verification })
  const ask = async (count: number) => Promise.all(Array.from({ length: count }, () => site.ask('signIn')))
  return { ...site, ask }
}

describe('a verifier’s own threads', () => {
  it('are ended with it, and are as many as were asked for', async () => {
    const site = await openSite({ workers: 2 })
    expect(threads.started).toHaveLength(2)
    const ended = Promise.all(threads.started.map((worker) => new Promise((resolve) => worker.once('exit', resolve))))
    await site.close()
    await ended
  })

  it('are none where the event loop verifies', async () => {
    const site = await openSite({ workers: 0 })
    expect(threads.started).toHaveLength(0)
    await site.close()
  })

  it('cost their proofs a second try where they die, and nobody else anything', async () => {
    const site = await openSite({ workers: 1 })
    let deaths = 0
    threads.onRequest = (worker, send) => {
      send()
      if (deaths++ === 0) void worker.terminate()
    }
    const asked = await site.ask(6)
    const sent = await Promise.all(asked.map(({ presentation }) => site.send(presentation)))
    expect(sent.map(({ status }) => status)).toEqual(asked.map(() => 200))
    expect(threads.started).toHaveLength(2)
    expect(site.errors).toEqual([])
    await site.close()
  })

  it('turn away with a time to come again what their queue has no place for', async () => {
    const site = await openSite({ workers: 1, queueLimit: 16, deadlineMilliseconds: 60_000 })
    const held: (() => void)[] = []
    threads.onRequest = (_worker, send) => held.push(send)
    const [first, ...others] = await site.ask(20)
    if (!first) throw new Error('expected sessions')
    const sent = [site.send(first.presentation)]
    await vi.waitFor(() => expect(held).toHaveLength(1))
    const answers: [number, string | null][] = []
    // One is with the thread, sixteen wait, and three more have no place.
    const posted = others.map(async ({ session, presentation }) => {
      const response = await site.post(session, JSON.stringify(serializePresentation(presentation)))
      answers.push([response.status, response.headers.get('retry-after')])
    })
    await vi.waitFor(() => expect(answers).toHaveLength(3), { timeout: 20_000 })
    expect(answers).toEqual([1, 2, 3].map(() => [503, '1']))
    threads.onRequest = undefined
    for (const send of held) send()
    await Promise.all(posted)
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200])
    expect(answers.slice(3)).toEqual(Array.from({ length: 16 }, () => [200, null]))
    await site.close()
  })
})
