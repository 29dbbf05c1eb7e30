import { Affine, coordinateBytes } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'
import { BETA_G1, BETA_G2 } from './generated/glv'
import { imageBytes } from './pair-addition'

/**
 * Writes the points among `count` that are not infinity to `image`, their places to `kept`; returns how many. x and
 * βx are canonical; the limbs of y lie between −2^28 and 2^28, so that a sum of two weighs no more than a product.
 */
function convert<F>(image: usize, kept: usize, points: usize, places: usize, count: usize): usize {
  let end: usize = 0
  for (let i: usize = 0; i < count; i++) {
    const bytes = points + i * 2 * coordinateBytes<F>()
    if (isInfinity(bytes, 2 * coordinateBytes<F>())) continue
    const point = changetype<Affine<F>>(image + end * imageBytes<F>())
    point.fromMontgomery256(bytes)
    const betaX = changetype<usize>(point) + 2 * offsetof<F>()
    for (let part: usize = 0; part < offsetof<F>(); part += offsetof<Fq>()) {
      balance(changetype<usize>(point) + offsetof<F>() + part)
      const element = changetype<Fq>(betaX + part)
      element.mul(changetype<Fq>(changetype<usize>(point) + part), changetype<Fq>(isG2<F>() ? BETA_G2 : BETA_G1))
      element.canonical(element)
    }
    store<u32>(kept + 4 * end, load<u32>(places + 4 * i))
    end++
  }
  return end
}

function isG2<F>(): bool {
  return offsetof<F>() === offsetof<Fq2>()
}

function isInfinity(bytes: usize, length: usize): bool {
  let bits: u64 = 0
  for (let offset: usize = 0; offset < length; offset += 8) bits |= load<u64>(bytes + offset)
  return bits === 0
}

/** Carries the limbs but the last of a canonical element into [−2^28, 2^28). */
function balance(element: usize): void {
  let carry = 0
  for (let limb: usize = 0; limb < 32; limb += 4) {
    const sum = load<i32>(element + limb) + carry
    carry = (sum + (1 << 28)) >> 29
    store<i32>(element + limb, sum - (carry << 29))
  }
  store<i32>(element, load<i32>(element, 32) + carry, 32)
}

export function g1Convert(image: usize, kept: usize, points: usize, places: usize, count: usize): usize {
  return convert<Fq>(image, kept, points, places, count)
}
export function g2Convert(image: usize, kept: usize, points: usize, places: usize, count: usize): usize {
  return convert<Fq2>(image, kept, points, places, count)
}
