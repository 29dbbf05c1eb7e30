import { afterEach, describe, expect, test, vi } from 'vitest'
import { type WorkerHandle, workersFor } from '../../src/prover/crew.ts'
import type { WorkerRequest, WorkerResponse, WorkerRole } from '../../src/prover/worker-messages.ts'
import { createWorkerProver } from '../../src/prover/worker-prover.ts'
import { ISSUE_INPUTS } from './inputs.ts'

const LOCATION = { base: '/keys', keySetHash: 'hash' }
const RESULT = { proof: new Uint8Array(128), publicSignals: [1n] }

/** A worker that answers when the test says so. */
class FakeWorker implements WorkerHandle {
  readonly received: WorkerRequest[] = []
  role: WorkerRole | undefined
  terminated = false
  #listener: (response: WorkerResponse) => void = () => {}
  #crash: (reason: unknown) => void = () => {}

  postMessage(message: WorkerRole | WorkerRequest, handedOver: MessagePort[]): void {
    if ('job' in message) this.received.push(message)
    else {
      expect(this.role).toBeUndefined()
      expect(handedOver).toEqual(message.type === 'lead' ? message.helpers : [message.lead])
      this.role = message
    }
  }

  terminate(): void {
    this.terminated = true
  }

  onMessage(listener: (response: WorkerResponse) => void): void {
    this.#listener = listener
  }

  onCrash(listener: (reason: unknown) => void): void {
    this.#crash = listener
  }

  crash(): void {
    this.#crash(new Error('out of memory'))
  }

  /** Answers the last request. */
  answer(response: DistributiveOmit<WorkerResponse, 'job'>): void {
    this.#listener({ ...response, job: this.received.at(-1)?.job ?? 0 })
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function setting({ idleMilliseconds = 1000, workers: count = 1 } = {}) {
  const workers: FakeWorker[] = []
  const createWorker = (): FakeWorker => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }
  const prover = createWorkerProver({ createWorker, workers: count, location: LOCATION, idleMilliseconds })
  const last = (): FakeWorker => workers.at(-1) ?? new FakeWorker()
  return { workers, prover, last, prove: (signal?: AbortSignal) => prover.prove('issue-v1', ISSUE_INPUTS, { signal }) }
}

const aborted = expect.objectContaining({ name: 'AbortError' })

afterEach(() => {
  vi.useRealTimers()
})

describe('createWorkerProver', () => {
  test('starts a worker for the first job only, and hands over one at a time', async () => {
    const { workers, last, prove } = setting()
    expect(workers).toHaveLength(0)
    const [first, second] = [prove(), prove()]
    expect(last().received).toMatchObject([
      { type: 'prove', circuit: 'issue-v1', inputs: ISSUE_INPUTS, location: LOCATION },
    ])
    last().answer({ type: 'proved', result: RESULT })
    expect(await first).toEqual(RESULT)
    expect(last().received).toHaveLength(2)
    last().answer({ type: 'proved', result: { ...RESULT, publicSignals: [2n] } })
    expect((await second).publicSignals).toEqual([2n])
    expect(workers).toHaveLength(1)
  })

  test('passes progress on to the job it belongs to', async () => {
    const { prover, last } = setting()
    const onProgress = vi.fn()
    const proving = prover.prove('issue-v1', ISSUE_INPUTS, { onProgress })
    last().answer({ type: 'progress', progress: { phase: 'download', loaded: 1, total: 2 } })
    last().answer({ type: 'proved', result: RESULT })
    await proving
    expect(onProgress.mock.calls).toEqual([[{ phase: 'download', loaded: 1, total: 2 }]])
  })

  test('prepares in its turn', async () => {
    const { prover, last, prove } = setting()
    const [preparing, proving] = [prover.prepare('issue-v1'), prove()]
    expect(last().received).toMatchObject([{ type: 'prepare', circuit: 'issue-v1', location: LOCATION }])
    last().answer({ type: 'prepared' })
    await preparing
    last().answer({ type: 'proved', result: RESULT })
    expect(await proving).toEqual(RESULT)
  })

  test('gives errors back with their code', async () => {
    const { last, prove } = setting()
    const proving = prove()
    last().answer({ type: 'failed', code: 'witness_unsatisfied', message: 'no' })
    await expect(proving).rejects.toThrowError(expect.objectContaining({ code: 'witness_unsatisfied', message: 'no' }))
  })

  test('stopping the job under way ends the worker, and the next job starts another', async () => {
    const { workers, last, prove } = setting()
    const controller = new AbortController()
    const [first, second] = [prove(controller.signal), prove()]
    controller.abort(new Error('some other reason'))
    await expect(first).rejects.toThrowError(aborted)
    expect(workers[0]?.terminated).toBe(true)
    expect(workers).toHaveLength(2)
    // What the ended worker still says is not the answer to the next job.
    workers[0]?.answer({ type: 'proved', result: { ...RESULT, publicSignals: [666n] } })
    workers[0]?.crash()
    last().answer({ type: 'proved', result: RESULT })
    expect(await second).toEqual(RESULT)
  })

  test('stopping a waiting job leaves the one under way alone', async () => {
    const { workers, last, prove } = setting()
    const controller = new AbortController()
    const [first, second] = [prove(), prove(controller.signal)]
    controller.abort()
    await expect(second).rejects.toThrowError(aborted)
    last().answer({ type: 'proved', result: RESULT })
    await first
    expect(workers).toHaveLength(1)
    expect(last().received).toHaveLength(1)
  })

  test('a signal that was aborted before starts nothing', async () => {
    const { workers, prove } = setting()
    await expect(prove(AbortSignal.abort())).rejects.toThrowError(aborted)
    expect(workers).toHaveLength(0)
  })

  test('a signal aborted after the proof changes nothing', async () => {
    const { workers, last, prove } = setting()
    const controller = new AbortController()
    const proving = prove(controller.signal)
    last().answer({ type: 'proved', result: RESULT })
    await proving
    controller.abort()
    expect(workers[0]?.terminated).toBe(false)
  })

  test('a worker that dies fails its job, and the next job starts another', async () => {
    const { workers, last, prove } = setting()
    const [first, second] = [prove(), prove()]
    last().crash()
    await expect(first).rejects.toThrowError(expect.objectContaining({ code: 'prover_crashed' }))
    expect(workers).toHaveLength(2)
    last().answer({ type: 'proved', result: RESULT })
    expect(await second).toEqual(RESULT)
  })

  test('a worker that cannot be started fails its job', async () => {
    const prover = createWorkerProver({
      location: LOCATION,
      workers: 1,
      createWorker: () => {
        throw new Error('refused by policy')
      },
    })
    await expect(prover.prove('issue-v1', ISSUE_INPUTS)).rejects.toThrowError(
      expect.objectContaining({ code: 'prover_crashed' }),
    )
  })

  test('ends the worker when it has been idle, not before', async () => {
    vi.useFakeTimers()
    const { workers, last, prove } = setting()
    const first = prove()
    vi.advanceTimersByTime(5000)
    expect(workers[0]?.terminated).toBe(false)
    last().answer({ type: 'proved', result: RESULT })
    await first
    vi.advanceTimersByTime(999)
    const second = prove()
    vi.advanceTimersByTime(5000)
    expect(workers[0]?.terminated).toBe(false)
    last().answer({ type: 'proved', result: RESULT })
    await second
    vi.advanceTimersByTime(1000)
    expect(workers[0]?.terminated).toBe(true)
    void prove()
    expect(workers).toHaveLength(2)
  })

  test('close stops everything and starts nothing', async () => {
    const { workers, prover, prove } = setting()
    const outcomes = Promise.allSettled([prove(), prove(), prove()])
    prover.close()
    expect(
      (await outcomes).every((outcome) => outcome.status === 'rejected' && outcome.reason.name === 'AbortError'),
    ).toBe(true)
    expect(workers).toHaveLength(1)
    expect(workers[0]?.terminated).toBe(true)
  })
})

describe('with helpers', () => {
  test('starts all the workers for the first job, and joins each helper to the lead', async () => {
    const { workers, prove } = setting({ workers: 3 })
    const proving = prove()
    expect(workers.map(({ role }) => role?.type)).toEqual(['lead', 'help', 'help'])
    expect(workers.map(({ received }) => received.length)).toEqual([1, 0, 0])
    const [lead, ...helpers] = workers
    for (const [index, helper] of helpers.entries()) {
      if (lead?.role?.type !== 'lead' || helper.role?.type !== 'help') throw new Error('these are no roles')
      const port = lead.role.helpers[index]
      const heard = new Promise((resolve) => port?.addEventListener('message', (event) => resolve(event.data)))
      port?.start()
      helper.role.lead.postMessage(index)
      expect(await heard).toBe(index)
      port?.close()
    }
    lead?.answer({ type: 'proved', result: RESULT })
    expect(await proving).toEqual(RESULT)
  })

  test('stopping the job under way ends them all', async () => {
    const { workers, prove } = setting({ workers: 3 })
    const controller = new AbortController()
    const proving = prove(controller.signal)
    controller.abort()
    await expect(proving).rejects.toThrowError(aborted)
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true, true])
  })

  test.each([0, 1, 2])(
    'when worker %d of three dies the job fails, and the next job starts three others',
    async (dying) => {
      const { workers, prove } = setting({ workers: 3 })
      const [first, second] = [prove(), prove()]
      workers[dying]?.crash()
      await expect(first).rejects.toThrowError(expect.objectContaining({ code: 'prover_crashed' }))
      expect(workers.map(({ terminated }) => terminated)).toEqual([true, true, true, false, false, false])
      workers[3]?.answer({ type: 'proved', result: RESULT })
      expect(await second).toEqual(RESULT)
    },
  )

  test('when the lead says that a helper failed, they end too', async () => {
    const { workers, prove } = setting({ workers: 2 })
    const proving = prove()
    workers[0]?.answer({ type: 'failed', code: 'prover_crashed', message: 'a helping worker failed' })
    await expect(proving).rejects.toThrowError(expect.objectContaining({ code: 'prover_crashed' }))
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true])
  })

  test('when one cannot be started, those before it do not stay', async () => {
    const workers: FakeWorker[] = []
    const prover = createWorkerProver({
      location: LOCATION,
      workers: 3,
      createWorker: () => {
        if (workers.length === 2) throw new Error('no memory')
        const worker = new FakeWorker()
        workers.push(worker)
        return worker
      },
    })
    await expect(prover.prove('issue-v1', ISSUE_INPUTS)).rejects.toThrowError(
      expect.objectContaining({ code: 'prover_crashed' }),
    )
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true])
  })
})

test.each([
  [1, 1],
  [2, 2],
  [4, 4],
  [32, 4],
  [undefined, 1],
])('a machine of %s cores gets %d workers', (cores, workers) => {
  expect(workersFor(cores)).toBe(workers)
})
