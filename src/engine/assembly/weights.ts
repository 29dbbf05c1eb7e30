import { Affine, Xyzz } from './curve'
import { Fq } from './generated/fq'
import { Fr } from './generated/fr'
import { BETA_G1 } from './generated/glv'
import { LAMBDA_BYTES } from './generated/pairing-constants'

/**
 * Weights of a batch: 16 bytes, two integers a and b below 2^64, little-endian, stand for a + b·λ mod r with λ² + λ +
 * 1 = 0. No two stand for the same, since a lattice of the λ has no vector so short, so a random one is as good as 128
 * random bits, and a multiple takes 64 doublings: λ·(x, y) = (βx, y) (Gallant, Lambert and Vanstone 2001), and
 * (1 + λ)P = −λ²P needs no addition.
 */

const BITS = 64
const POINT_BYTES: usize = 72
/** For every point: P, λP and (1 + λ)P. */
export const WEIGHT_WORK: usize = 3 * 72

/** r = Σ wᵢ·Pᵢ for `count` affine points, by one chain of doublings (Straus 1964). */
export function weightedSum(r: Xyzz<Fq>, points: usize, weights: usize, count: i32, work: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    combine(work + WEIGHT_WORK * index, changetype<Affine<Fq>>(points + POINT_BYTES * index))
  }
  r.setInfinity()
  for (let bit: u64 = BITS; bit-- > 0; ) {
    r.double(r)
    for (let index: usize = 0; index < <usize>count; index++) {
      const weight = weights + 16 * index
      const digit = ((load<u64>(weight) >> bit) & 1) | (((load<u64>(weight, 8) >> bit) & 1) << 1)
      if (digit === 0) continue
      r.addMixed(r, changetype<Affine<Fq>>(work + WEIGHT_WORK * index + POINT_BYTES * (<usize>digit - 1)))
    }
  }
}

function combine(table: usize, p: Affine<Fq>): void {
  const beta = changetype<Fq>(BETA_G1),
    image = changetype<Affine<Fq>>(table + 72),
    sum = changetype<Affine<Fq>>(table + 144)
  changetype<Affine<Fq>>(table).copy(p)
  image.x.mul(p.x, beta)
  image.y.copy(p.y)
  sum.x.mul(image.x, beta)
  sum.y.neg(p.y)
  sum.y.reduce(sum.y)
}

const W = memory.data(36, 16)
const S = memory.data(36, 16)
const LAMBDA = memory.data(36, 16)
const BYTES = memory.data(32, 16)

/**
 * The scalars of a key's points in a batch, 32 bytes each, canonical: Σ wᵢ for IC₀, Σ wᵢ·sᵢⱼ for the others, Σ wᵢ
 * for α. `signals` are `count` rows of `width` scalars, 32 bytes little-endian. `work` is room for width + 2 elements.
 */
export function weighSignals(
  scalars: usize,
  signals: usize,
  weights: usize,
  count: i32,
  width: i32,
  work: usize,
): void {
  const w = changetype<Fr>(W),
    s = changetype<Fr>(S)
  memory.fill(work, 0, 36 * <usize>(width + 2))
  for (let row: usize = 0; row < <usize>count; row++) {
    readWeight(w, weights + 16 * row)
    accumulate(work, w)
    for (let column: usize = 0; column < <usize>width; column++) {
      s.fromBytes(signals + 32 * (row * <usize>width + column))
      s.mul(s, w)
      accumulate(work + 36 * (column + 1), s)
    }
  }
  changetype<Fr>(work + 36 * <usize>(width + 1)).copy(changetype<Fr>(work))
  for (let index: usize = 0; index < <usize>(width + 2); index++) {
    changetype<Fr>(work + 36 * index).toBytes(scalars + 32 * index)
  }
}

function accumulate(sum: usize, term: Fr): void {
  const r = changetype<Fr>(sum)
  r.add(r, term)
  r.reduce(r)
}

function readWeight(w: Fr, weight: usize): void {
  const lambda = changetype<Fr>(LAMBDA),
    s = changetype<Fr>(S)
  memory.fill(BYTES, 0, 32)
  memory.copy(BYTES, weight + 8, 8)
  s.fromBytes(BYTES)
  lambda.fromBytes(LAMBDA_BYTES)
  s.mul(s, lambda)
  memory.copy(BYTES, weight, 8)
  w.fromBytes(BYTES)
  w.add(w, s)
  w.reduce(w)
}
