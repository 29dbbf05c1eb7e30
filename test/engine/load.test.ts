import { expect, test, vi } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { codeOf } from '../expect-code.ts'

test('sizes that an engine cannot have are refused, and it goes on', async () => {
  const engine = await createEngine()
  const before = engine.allocate(16)
  const size = engine.size
  for (const length of [2 ** 31, 2 ** 31 - before, 2 ** 32, 2 ** 33, 2 ** 53, -1, -(2 ** 31), 1.5, Number.NaN]) {
    expect(
      codeOf(() => engine.allocate(length)),
      `${length} bytes`,
    ).toBe('memory_exhausted')
  }
  expect(engine.size).toBe(size)
  expect(engine.allocate(1)).toBe(before + 16)
  expect(engine.allocate(0)).toBe(before + 32)
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index)
  expect(engine.take(engine.put(bytes), 100)).toEqual(bytes)
})

test('memory that the platform does not give is memory_exhausted too', async () => {
  const engine = await createEngine()
  const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('no memory')
  })
  expect(codeOf(() => engine.allocate(engine.size))).toBe('memory_exhausted')
  grow.mockRestore()
  const pointer = engine.allocate(engine.size)
  expect(engine.view(pointer, 16).length).toBe(16)
})

test('views are of the memory alone', async () => {
  const engine = await createEngine()
  expect(engine.view(engine.size, 0).length).toBe(0)
  expect(engine.view(engine.size - 16, 16).length).toBe(16)
  for (const [pointer, length] of [
    [engine.size - 16, 17],
    [-1, 1],
    [16, -1],
    [Number.NaN, 1],
  ] as const) {
    expect(() => engine.view(pointer, length), `${length} bytes at ${pointer}`).toThrow(RangeError)
  }
})
