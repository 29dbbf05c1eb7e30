import { Affine, Xyzz } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'

/** Σ sᵢPᵢ by buckets of eight bits: `buckets` has room for 257 points. */
function sum<F>(r: usize, points: usize, places: usize, count: usize, scalars: usize, buckets: usize): void {
  const size = 4 * offsetof<F>()
  const total = changetype<Xyzz<F>>(buckets)
  const running = changetype<Xyzz<F>>(buckets + 256 * size)
  total.setInfinity()
  for (let byte = 31; byte >= 0; byte--) {
    for (let bit = 0; bit < 8; bit++) total.double(total)
    for (let b: usize = 1; b < 256; b++) changetype<Xyzz<F>>(buckets + b * size).setInfinity()
    for (let i: usize = 0; i < count; i++) {
      const digit = <usize>load<u8>(scalars + 32 * <usize>load<u32>(places + 4 * i) + <usize>byte)
      if (digit === 0) continue
      const bucket = changetype<Xyzz<F>>(buckets + digit * size)
      bucket.addMixed(bucket, changetype<Affine<F>>(points + i * 2 * offsetof<F>()))
    }
    running.setInfinity()
    for (let b: usize = 255; b > 0; b--) {
      running.add(running, changetype<Xyzz<F>>(buckets + b * size))
      total.add(total, running)
    }
  }
  total.toAffine(changetype<Affine<F>>(buckets + size))
  changetype<Affine<F>>(buckets + size).toMontgomery256(r)
}

export function g1Multiply(r: usize, points: usize, places: usize, count: usize, scalars: usize, scratch: usize): void {
  sum<Fq>(r, points, places, count, scalars, scratch)
}
export function g2Multiply(r: usize, points: usize, places: usize, count: usize, scalars: usize, scratch: usize): void {
  sum<Fq2>(r, points, places, count, scalars, scratch)
}
