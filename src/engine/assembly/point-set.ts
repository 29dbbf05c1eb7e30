import { Affine, coordinateBytes } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'

/**
 * Writes the points among `count` that are not infinity to `image`, their places to `kept`; returns how many.
 */
function convert<F>(image: usize, kept: usize, points: usize, places: usize, count: usize): usize {
  let end: usize = 0
  for (let i: usize = 0; i < count; i++) {
    const point = points + i * 2 * coordinateBytes<F>()
    if (isInfinity(point, 2 * coordinateBytes<F>())) continue
    changetype<Affine<F>>(image + end * 2 * offsetof<F>()).fromMontgomery256(point)
    store<u32>(kept + 4 * end, load<u32>(places + 4 * i))
    end++
  }
  return end
}

function isInfinity(bytes: usize, length: usize): bool {
  let bits: u64 = 0
  for (let offset: usize = 0; offset < length; offset += 8) bits |= load<u64>(bytes + offset)
  return bits === 0
}

export function g1Convert(image: usize, kept: usize, points: usize, places: usize, count: usize): usize {
  return convert<Fq>(image, kept, points, places, count)
}
export function g2Convert(image: usize, kept: usize, points: usize, places: usize, count: usize): usize {
  return convert<Fq2>(image, kept, points, places, count)
}
