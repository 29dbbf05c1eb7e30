import { expect, test } from 'vitest'
import { windowsFor } from '../../src/engine/windows.ts'

test('more points have fewer windows, of widths that an engine has memory for', () => {
  const chosen = Array.from({ length: 24 }, (_, log) => windowsFor(2 ** log))
  expect(chosen).toEqual(chosen.toSorted((a, b) => b - a))
  expect(Math.min(...chosen)).toBe(7)
  expect(Math.max(windowsFor(0), ...chosen)).toBeLessThanOrEqual(127)
})

test('what bench/engine-windows.ts found best', () => {
  const logs = [10, 11, 12, 13, 14, 15, 16, 17, 18]
  expect(logs.map((log) => windowsFor(2 ** log))).toEqual([13, 12, 11, 11, 10, 9, 9, 8, 8])
})
