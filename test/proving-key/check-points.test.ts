import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { decompressPoints } from '../../src/engine/points.ts'
import { checkPoints } from '../../src/proving-key/check-points.ts'
import type { ZkeySections } from '../../src/proving-key/zkey-format.ts'
import { codeOfAsync } from '../expect-code.ts'
import { montgomery, smallKey } from './small-key.ts'

const engine = await createEngine()

/** Of the twist's points hardly one is in G2: the first that is found is not. */
const OUTSIDE_G2 = pointOfTwist()

test('accepts a key whose points are what they should be', async () => {
  const seen: [number, number][] = []
  await checkPoints(engine, smallKey(), { onProgress: (...step) => seen.push(step) })
  const total = seen.at(-1)?.[1]
  expect(seen.at(-1)).toEqual([total, total])
})

test.each<[string, Partial<ZkeySections>]>([
  ...(['ic', 'a', 'b1', 'b2', 'c', 'h'] as const).map((part): [string, Partial<ZkeySections>] => [
    `a point of ${part} off the curve`,
    { [part]: changed(smallKey()[part], smallKey()[part].length - 1 - 40) },
  ]),
  ...(['alpha1', 'beta1', 'beta2', 'gamma2', 'delta1', 'delta2'] as const).flatMap(
    (part): [string, Partial<ZkeySections>][] => [
      [`${part} off the curve`, { [part]: changed(smallKey()[part], 0) }],
      [`${part} at infinity`, { [part]: new Uint8Array(smallKey()[part].length) }],
    ],
  ),
  ['a point of b2 outside G2', { b2: new Uint8Array([...smallKey().b2.subarray(128), ...OUTSIDE_G2]) }],
  ['delta2 outside G2', { delta2: OUTSIDE_G2 }],
])('refuses %s', async (_what, change) => {
  expect(await codeOfAsync(checkPoints(engine, { ...smallKey(), ...change }))).toBe('zkey_point')
})

test('stops when it is told to', async () => {
  await expect(
    checkPoints(engine, smallKey(), { signal: AbortSignal.abort(new Error('enough')) }),
  ).rejects.toThrowError('enough')
})

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

function pointOfTwist(): Uint8Array {
  for (let c0 = 1n; ; c0++) {
    const compressed = new Uint8Array([...montgomery(c0), ...montgomery(0n)])
    const point = decompressPoints(engine, 'g2', { infinities: new Uint8Array(1), compressed, count: 1 })
    if (point) return point
  }
}
