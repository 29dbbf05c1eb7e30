import type { Engine } from '../engine/load.ts'
import { type Group, POINT_BYTES } from '../engine/msm.ts'
import { countInSubgroup, countOnCurve } from '../engine/points.ts'
import { breather } from './breather.ts'
import { POINT_PARTS } from './packed-format.ts'
import { ProvingKeyError } from './proving-key-error.ts'
import type { ZkeySections } from './zkey-format.ts'

export type CheckPointsOptions = {
  /** `done` and `total` count bytes of points. */
  onProgress?: ((done: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/** Points that a key cannot do without: none of them may be infinity. */
const SINGLE = [
  ['alpha1', 'g1'],
  ['beta1', 'g1'],
  ['delta1', 'g1'],
  ['beta2', 'g2'],
  ['gamma2', 'g2'],
  ['delta2', 'g2'],
] as const satisfies readonly (readonly [keyof ZkeySections, Group])[]

/**
 * Whether every point of a key is one: coordinates below q, on the curve or its twist, and in the group of order r,
 * which every point of the curve is (its cofactor is one) and of the twist each has to be asked; infinity in the lists
 * alone. For keys whose hash nobody vouches for; that they are some circuit's key is another question. About a
 * second where the file has 14 MB.
 *
 * Rejects with {@link ProvingKeyError} `zkey_point`, or with the signal's reason.
 */
export async function checkPoints(engine: Engine, key: ZkeySections, options: CheckPointsOptions = {}): Promise<void> {
  const breathe = breather(options.signal)
  const parts = [...SINGLE, ...POINT_PARTS]
  const total = parts.reduce((sum, [part]) => sum + key[part].length, 0)
  let done = 0
  for (const [part] of SINGLE) {
    if (key[part].every((byte) => byte === 0)) throw new ProvingKeyError('zkey_point', `zkey: ${part} is infinity`)
  }
  for (const [part, group] of parts) {
    for (let at = 0; at < key[part].length; at += BLOCK * POINT_BYTES[group]) {
      await breathe()
      const block = key[part].subarray(at, at + BLOCK * POINT_BYTES[group])
      checkBlock(engine, group, block, `${part}, from ${at / POINT_BYTES[group]} on,`)
      done += block.length
      options.onProgress?.(done, total)
    }
  }
}

/** Points at a time. */
const BLOCK = 128

function checkBlock(engine: Engine, group: Group, points: Uint8Array, what: string): void {
  const count = points.length / POINT_BYTES[group]
  const onCurve = countOnCurve(engine, group, points)
  if (onCurve < count) throw new ProvingKeyError('zkey_point', `zkey: ${what} point ${onCurve} is not on the curve`)
  const inSubgroup = group === 'g2' ? countInSubgroup(engine, points) : count
  if (inSubgroup < count) throw new ProvingKeyError('zkey_point', `zkey: ${what} point ${inSubgroup} is not in G2`)
}
