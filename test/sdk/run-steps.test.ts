import { expect, it } from 'vitest'
import { runSteps } from '../../sdk/server/run-steps.ts'

/** Four steps of `milliseconds` each, by a clock that they turn themselves. */
function steps(milliseconds: number) {
  const clock = { time: 1000, taken: 0 }
  function* take(): Generator<undefined, string> {
    for (let i = 0; i < 4; i++) {
      clock.time += milliseconds
      clock.taken++
      if (i < 3) yield
    }
    return 'done'
  }
  return { clock, run: () => runSteps(take(), 60, () => clock.time) }
}

it('runs steps to their end within the limit', async () => {
  const { run } = steps(20)
  expect(await run()).toBe('done')
})

it('begins no step beyond the limit', async () => {
  const { clock, run } = steps(21)
  expect(await run()).toBe('TOO_LONG')
  expect(clock.taken).toBe(3)
})

it('lets others run between two steps', async () => {
  let turns = 0
  const other = setInterval(() => turns++, 0)
  function* slow(): Generator<undefined, number> {
    for (let i = 0; i < 2; i++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      yield
    }
    return turns
  }
  expect(await runSteps(slow(), 1000)).toBeGreaterThan(0)
  clearInterval(other)
})
