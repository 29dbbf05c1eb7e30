import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { VerifierPoolError } from '../../../src/verifier/node/pool-error.ts'
import { WorkerPool, type WorkerPoolOptions } from '../../../src/verifier/node/worker-pool.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { COUNTS, DEEDS } from './faulty-worker-deeds.ts'

const PROGRAM = new URL('./faulty-worker.ts', import.meta.url)

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

function open(options: Partial<WorkerPoolOptions> = {}) {
  const shared = new SharedArrayBuffer(4 * Object.keys(COUNTS).length)
  const counts = new Int32Array(shared)
  const pool = new WorkerPool({
    startWorker: () => new Worker(PROGRAM, { workerData: shared, execArgv: [] }),
    workers: 1,
    queueLimit: 100,
    deadlineMilliseconds: 5_000,
    batchSize: 64,
    ...options,
  })
  const openGate = (): void => {
    Atomics.store(counts, COUNTS.gate, 1)
    Atomics.notify(counts, COUNTS.gate)
  }
  close = () => {
    openGate()
    return pool.close()
  }
  return {
    pool,
    openGate,
    count: (name: keyof typeof COUNTS) => Atomics.load(counts, COUNTS[name]),
    verify: (deed: keyof typeof DEEDS) => {
      const proof = new Uint8Array(128).fill(DEEDS[deed], 0, 1)
      return pool.verify({ keySet: 'a', circuit: 'login-v1', signals: [], proof })
    },
    /** Until what the threads were asked fits. */
    until: async (fits: () => boolean) => {
      while (!fits()) await new Promise((resolve) => setTimeout(resolve, 2))
    },
  }
}

describe('a pool of threads', () => {
  it('gives each proof its own verdict', async () => {
    const { verify } = open({ workers: 2 })
    const deeds = ['accept', 'refuse', 'accept', 'refuse', 'refuse'] as const
    expect(await Promise.all(deeds.map(verify))).toEqual(deeds.map((deed) => STATUSES[deed]))
  })

  it('verifies one alone where nothing waits, and all that waits together under load', async () => {
    const { verify, count, until, openGate } = open({ batchSize: 8 })
    const first = verify('wait')
    await until(() => count('requests') === 1)
    const others = Array.from({ length: 20 }, () => verify('accept'))
    openGate()
    await Promise.all([first, ...others])
    // One, and then eight, eight and four.
    expect([count('requests'), count('proofs'), count('largest')]).toEqual([4, 21, 8])
  })

  it('shares the proofs of one turn among idle threads', async () => {
    const { pool, verify, count } = open({ workers: 2 })
    await pool.started
    await Promise.all(Array.from({ length: 10 }, () => verify('accept')))
    expect(count('largest')).toBe(5)
  })

  it('turns away what is over the limit, and says when to come again', async () => {
    const { verify, count, until, openGate } = open({ queueLimit: 2 })
    const first = verify('wait')
    await until(() => count('requests') === 1)
    const waiting = [verify('accept'), verify('accept')]
    const refused: unknown = await verify('accept').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(VerifierPoolError)
    expect(refused).toMatchObject({ code: 'verifier_busy', retryAfterMilliseconds: expect.any(Number) })
    openGate()
    expect(await Promise.all([first, ...waiting])).toEqual(['VALID', 'VALID', 'VALID'])
    expect(await verify('accept')).toBe('VALID')
  })

  it('gives up at the deadline, what is at work and what waits, and replaces a thread that hangs', async () => {
    const { verify, count, until } = open({ deadlineMilliseconds: 400 })
    await until(() => count('starts') === 1)
    const hanging = [verify('wait'), verify('accept')]
    await until(() => count('requests') === 1)
    const waiting = verify('accept')
    const codes = await Promise.all([...hanging, waiting].map(codeOfAsync))
    expect(codes).toEqual(['verifier_deadline', 'verifier_deadline', 'verifier_deadline'])
    await until(() => count('starts') === 2)
    expect(await verify('accept')).toBe('VALID')
  })

  it('tries a proof again whose thread died, and the others of its batch', async () => {
    const { verify, count } = open()
    const verdicts = await Promise.all([verify('accept'), verify('failOnce'), verify('refuse')])
    expect(verdicts).toEqual(['VALID', 'VALID', 'PROOF_INVALID'])
    expect(count('starts')).toBe(2)
    // Three together, and then each alone.
    expect([count('requests'), count('largest')]).toEqual([4, 3])
  })

  for (const deed of ['exit', 'fail'] as const) {
    it(`refuses a proof that ends two threads, and no other: ${deed}`, async () => {
      const { verify, count } = open({ workers: 2 })
      const asked = [verify('accept'), verify(deed), verify('refuse'), verify('accept')]
      expect(await codeOfAsync(Promise.resolve(asked[1]))).toBe('verifier_crashed')
      expect(await Promise.all([asked[0], asked[2], asked[3]])).toEqual(['VALID', 'PROOF_INVALID', 'VALID'])
      expect(await verify('accept')).toBe('VALID')
      expect(count('starts')).toBeGreaterThanOrEqual(3)
    })
  }

  it('closes when the verdicts that are due are given, and takes no more', async () => {
    const { pool, verify, count, until, openGate } = open()
    const due = [verify('wait'), verify('accept'), verify('refuse')]
    await until(() => count('requests') === 1)
    const closed = pool.close()
    expect(await codeOfAsync(verify('accept'))).toBe('verifier_closed')
    openGate()
    expect(await Promise.all(due)).toEqual(['VALID', 'VALID', 'PROOF_INVALID'])
    await closed
    await pool.close()
  })

  it('gives up and closes where its threads never start', async () => {
    const { pool, verify } = open({
      startWorker: () => new Worker('process.exit(1)', { eval: true }),
      deadlineMilliseconds: 300,
    })
    expect(await codeOfAsync(pool.started)).toBe('verifier_crashed')
    expect(await codeOfAsync(verify('accept'))).toBe('verifier_deadline')
    await pool.close()
  })
})

const STATUSES = { accept: 'VALID', refuse: 'PROOF_INVALID' } as const
