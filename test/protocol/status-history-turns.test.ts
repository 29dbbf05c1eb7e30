import { setImmediate } from 'node:timers'
import { expect, test, vi } from 'vitest'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { parseStatusHistory } from '../../src/protocol/status-history.ts'
import { FIRST_EPOCH_AT, makeIssuer } from '../fixtures/issuer.ts'

const { loop } = vi.hoisted(() => ({ loop: { turn: 0, isRunning: true, checkedIn: [] as number[] } }))

// Each check takes as long as one of a key that was never seen, and notes the turn of the event loop that it was in.
vi.mock('../../src/protocol/issuer-signature.ts', async (original) => ({
  ...(await original<typeof import('../../src/protocol/issuer-signature.ts')>()),
  isIssuerKey: () => {
    loop.checkedIn.push(loop.turn)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    return true
  },
}))

function turn() {
  loop.turn++
  if (loop.isRunning) setImmediate(turn)
}

test('others have their turn between any two epochs of a history', async () => {
  const { metadata, status } = makeIssuer({ keys: 2 })
  for (let later = 1; later < 20; later++) status.publish(FIRST_EPOCH_AT + later)
  const served = status.served()
  expect(served.epochs).toHaveLength(20)
  setImmediate(turn)
  const issuer = { origin: parseOrigin(metadata.origin), statusKeys: metadata.statusKeys }
  expect(await parseStatusHistory(served, issuer)).toEqual(status.history())
  loop.isRunning = false
  expect(loop.checkedIn).toHaveLength(40)
  expect(new Set(loop.checkedIn).size).toBe(20)
})
