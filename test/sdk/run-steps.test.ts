import { expect, it } from 'vitest'
import { runSlice, runSteps } from '../../sdk/server/run-steps.ts'

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
  return { clock, take, now: () => clock.time }
}

it('runs steps to their end within the limit', async () => {
  const { take, now } = steps(20)
  expect(await runSteps(take(), 60, { now })).toBe('done')
})

it('begins no step beyond the limit', async () => {
  const { clock, take, now } = steps(21)
  expect(await runSteps(take(), 60, { now })).toBe('TOO_LONG')
  expect(clock.taken).toBe(3)
})

it('runs short steps one after another, and stops where the slice is over', () => {
  const short = steps(1)
  expect(runSlice(short.take(), { sliceMs: 4, now: short.now })).toEqual({ done: true, value: 'done' })
  const long = steps(3)
  const slow = long.take()
  expect(runSlice(slow, { sliceMs: 4, now: long.now })).toEqual({ done: false })
  expect(long.clock.taken).toBe(2)
  expect(runSlice(slow, { sliceMs: 4, now: long.now })).toEqual({ done: true, value: 'done' })
})

it('lets others run between two slices', async () => {
  let turns = 0
  const other = setInterval(() => turns++, 0)
  function* slow(): Generator<undefined, number> {
    for (let i = 0; i < 2; i++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6)
      yield
    }
    return turns
  }
  expect(await runSteps(slow(), 1000)).toBeGreaterThan(0)
  clearInterval(other)
})
