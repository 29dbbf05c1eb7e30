import { describe, expect, it, vi } from 'vitest'
import { createIssuerDirectory, type IssuerLoader } from '../../sdk/server/issuer-directory.ts'
import { createIssuerMemory, recordsInMemory } from '../../sdk/server/issuer-memory.ts'
import { serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { FIRST_EPOCH_AT, makeIssuer } from '../fixtures/issuer.ts'
import { down, issuer, onError, served } from './served-issuer.ts'

const ORIGIN = issuer.metadata.origin

describe('what was seen of an issuer', () => {
  /** A directory of a process that has just started, over what earlier ones have kept. */
  function start(records: ReturnType<typeof recordsInMemory>, load: IssuerLoader, milliseconds = 0) {
    const reported: unknown[] = []
    const failures: string[] = []
    const surroundings = { now: () => milliseconds, onError: (error: unknown) => reported.push(error) }
    const directory = createIssuerDirectory({
      ...surroundings,
      load,
      memory: createIssuerMemory({ ...surroundings, records }),
      onFailure: (origin, code) => failures.push(`${origin} ${code}`),
    })
    const history = async () => (await directory.load([ORIGIN])).get(ORIGIN)?.history
    return { history, reported, failures }
  }

  /** An issuer with two epochs, and the same with the second one taken back. */
  function twoEpochs() {
    const { metadata, status } = makeIssuer()
    const earlier = { metadata: serializeIssuerMetadata(metadata), statusHistory: status.served() }
    status.publish(FIRST_EPOCH_AT + 60, [7])
    const later = { metadata: serializeIssuerMetadata(metadata), statusHistory: status.served() }
    return { earlier: async () => earlier, later: async () => later, honest: status.history() }
  }

  it('is known after a restart, and to another process', async () => {
    const records = recordsInMemory()
    const { earlier, later, honest } = twoEpochs()
    expect(await start(records, later).history()).toEqual(honest)
    const again = start(records, earlier)
    expect(await again.history()).toEqual(honest)
    expect(again.reported).toMatchObject([{ code: 'status_history_invalid' }])
    expect(again.failures).toEqual([`${ORIGIN} status_history_invalid`])
    expect(await start(records, later).history()).toEqual(honest)
  })

  it('is forgotten when no request could accept it', async () => {
    const records = recordsInMemory()
    const { earlier, later } = twoEpochs()
    await start(records, later).history()
    const month = 31 * 86_400_000
    expect(await start(records, earlier, month - 1).history()).toHaveLength(2)
    const again = start(records, earlier, month)
    expect(await again.history()).toHaveLength(1)
    expect(again.reported).toEqual([])
  })

  it('is written where it is new, and not with every asking', async () => {
    const records = recordsInMemory()
    const keepIssuer = vi.spyOn(records, 'keepIssuer')
    const clock = { now: 0 }
    const memory = createIssuerMemory({ records, now: () => clock.now, onError })
    const directory = createIssuerDirectory({ load: async () => served(), now: () => clock.now, onError, memory })
    for (let minute = 0; minute < 5; minute++) {
      await directory.load([ORIGIN])
      clock.now += 60_000
    }
    expect(keepIssuer).toHaveBeenCalledTimes(1)
    clock.now = 86_400_000
    await directory.load([ORIGIN])
    expect(keepIssuer).toHaveBeenCalledTimes(2)
  })

  it('is what this process has seen, where the store fails', async () => {
    const broken = async () => Promise.reject(new Error('the disk is full'))
    const { history, reported } = start({ findIssuer: broken, keepIssuer: broken }, async () => served())
    expect(await history()).toEqual(issuer.status.history())
    expect(reported).toMatchObject([{ message: 'the disk is full' }, { message: 'the disk is full' }])
  })

  it('is told where an issuer cannot be had', async () => {
    const { history, failures } = start(recordsInMemory(), down)
    expect(await history()).toBeUndefined()
    expect(failures).toEqual([`${ORIGIN} issuer_unreachable`])
  })
})
