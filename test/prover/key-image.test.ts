import { describe, expect, test } from 'vitest'
import { divide } from '../../src/prover/division.ts'
import { imageBuffers, type PointBytes, type ShardImage, shardImage, wireScalars } from '../../src/prover/key-image.ts'
import type { ZkeySections } from '../../src/proving-key/zkey-format.ts'
import { nameOf, smallKey } from './small-key.ts'

const KEY = smallKey({
  wires: 40,
  publicCount: 5,
  domainLog: 4,
  infinite: (section, index) => (section === 'b1' || section === 'b2' ? index % 3 === 1 : index % 11 === 7),
})

/** Each point with the scalar that multiplies it, as "A 3 × w 3", over all the images. */
function products(key: ZkeySections, workers: number, set: 'a' | 'b1' | 'b2' | 'c'): string[] {
  return divide(key, workers)
    .flatMap((division) => {
      const image = shardImage(key, division)
      const scalars = [
        ...[...division.wires].map((wire) => `w ${wire}`),
        ...Array.from({ length: image.quotients }, (_, index) => `h ${division.quotient.from + index}`),
      ]
      expect(scalars).toHaveLength(image.wires + image.quotients)
      return pointsOf(image[set], set === 'b2' ? 128 : 64).map(([point, place]) => `${point} × ${scalars[place]}`)
    })
    .toSorted()
}

function pointsOf({ points, places }: PointBytes, size: number): [string, number][] {
  expect(points.length).toBe(places.length * size)
  return Array.from(places, (place, index) => [nameOf(points.subarray(index * size, (index + 1) * size)), place])
}

describe('shardImage', () => {
  test.each([1, 2, 4])('over %d workers every point that is not infinity meets its scalar once', (workers) => {
    const wires = Array.from({ length: KEY.wires }, (_, wire) => wire)
    const inA = wires.filter((wire) => wire % 11 !== 7)
    expect(products(KEY, workers, 'a')).toEqual(inA.map((wire) => `a ${wire} × w ${wire}`).toSorted())
    const inB = wires.filter((wire) => wire % 3 !== 1)
    expect(products(KEY, workers, 'b1')).toEqual(inB.map((wire) => `b1 ${wire} × w ${wire}`).toSorted())
    expect(products(KEY, workers, 'b2')).toEqual(inB.map((wire) => `b2 ${wire} × w ${wire}`).toSorted())
    const secrets = wires.slice(0, KEY.wires - KEY.publicCount - 1).filter((index) => index % 11 !== 7)
    const quotients = Array.from({ length: KEY.domain }, (_, index) => index).filter((index) => index % 11 !== 7)
    expect(products(KEY, workers, 'c')).toEqual(
      [
        ...secrets.map((index) => `c ${index} × w ${index + KEY.publicCount + 1}`),
        ...quotients.map((index) => `h ${index} × h ${index}`),
      ].toSorted(),
    )
  })

  test('shares no buffer with the key, so that both can go', () => {
    const [division] = divide(KEY, 1)
    if (!division) throw new Error('one worker has one part')
    const buffers = imageBuffers(shardImage(KEY, division))
    expect(buffers).toHaveLength(8)
    for (const section of [KEY.a, KEY.b1, KEY.b2, KEY.c, KEY.h]) expect(buffers).not.toContain(section.buffer)
  })

  test('of a part of public wires only has no point of C', () => {
    const image: ShardImage = shardImage(KEY, { wires: Uint32Array.of(0, 2, 5), quotient: { from: 4, to: 6 } })
    expect(pointsOf(image.c, 64)).toEqual([
      ['h 4', 3],
      ['h 5', 4],
    ])
  })
})

test('wireScalars takes the values of its wires, in their order', () => {
  const witness = Uint8Array.from({ length: 5 * 32 }, (_, byte) => byte)
  const scalars = wireScalars(witness, Uint32Array.of(1, 4))
  expect(scalars).toEqual(Uint8Array.of(...witness.subarray(32, 64), ...witness.subarray(128, 160)))
})
