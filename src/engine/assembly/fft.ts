import { Fr } from './generated/fr'
import {
  cooleyTukey,
  gentlemanSande,
  gentlemanSandeReduced,
  NEGATIVE_INVERSE,
  ROOT_OF_UNITY,
  sumDifference,
  TWO_ADICITY,
} from './generated/fr-butterfly'

/*
 * Transforms between a polynomial's coefficients, in natural order, and its values on a domain, in bit-reversed order.
 *
 * Forward, Cooley and Tukey ("An algorithm for the machine calculation of complex Fourier series", 1965) as division
 * with remainder: modulo x^2m − z² a polynomial is a + b·x^m, and its remainders modulo x^m − z and x^m + z are a + z·b
 * and a − z·b. The block of index k at some depth is the remainder modulo x^2m − T[k]², and its halves have the
 * indices 2k and 2k + 1, with T[2k]² = T[k] and T[2k + 1]² = −T[k]. From T[0] = 1 the leaves are the powers of the
 * n-th root of unity; from T[1] = √−1 they are the odd powers of the 2n-th: the coset needs no multiplications of
 * its own. Backward, each step undone (Gentleman and Sande, "Fast Fourier Transforms: for fun and profit", 1966)
 * without its halving, so that the result is n times the coefficients.
 *
 * Both recurse down to two elements, so that whatever fits in a cache stays there until it is done.
 */

const ELEMENT: usize = 36
/** An entry of the table: the root's limbs, then those of root·2^261/p. */
const ROOT: usize = 72

const UNIT = memory.data<i32>([1, 0, 0, 0, 0, 0, 0, 0, 0])
/** The generators of the subgroups of order 2^0, 2^1 …, in Montgomery form. */
const GENERATORS = memory.data(36 * (28 + 1), 16)
const T = memory.data(36, 16)

/** How deep a transform goes before values that grew by 4.8·p a layer are reduced. */
const GROWTH = 16

/** A single butterfly of each kind, for tests. */
export function fftCooleyTukey(a: usize, b: usize, root: usize): void {
  cooleyTukey(a, b, a + ELEMENT, root)
}
export function fftGentlemanSande(a: usize, b: usize, root: usize): void {
  gentlemanSande(a, b, a + ELEMENT, root)
}
export function fftGentlemanSandeReduced(a: usize, b: usize, root: usize): void {
  gentlemanSandeReduced(a, b, a + ELEMENT, root)
}

/** Writes the 2^log roots T[0] … T[2^log − 1] of a domain of 2^log points: 72 bytes each. */
export function fftRoots(table: usize, log: i32): void {
  const generator = (order: i32): Fr => changetype<Fr>(GENERATORS + ELEMENT * <usize>order)
  generator(TWO_ADICITY).copy(changetype<Fr>(ROOT_OF_UNITY))
  for (let order = TWO_ADICITY; order > 0; order--) generator(order - 1).sqr(generator(order))

  changetype<Fr>(table).setOne()
  for (let bit = 0; bit < log; bit++) {
    const half = table + (ROOT << (<usize>bit))
    for (let from = table, to = half; from < half; from += ROOT, to += ROOT) {
      changetype<Fr>(to).mul(changetype<Fr>(from), generator(bit + 2))
    }
  }
  const end = table + (ROOT << (<usize>log))
  for (let root = table; root < end; root += ROOT) prepareRoot(root)
}

/** The Montgomery form m = w·2^261 mod p at `root` → w, and (w·2^261 − m)/p, an exact division. */
function prepareRoot(root: usize): void {
  const m = changetype<Fr>(T),
    w = changetype<Fr>(root)
  m.reduce(w)
  w.mul(m, changetype<Fr>(UNIT))
  w.reduce(w)
  lowProduct(root + ELEMENT, T, NEGATIVE_INVERSE)
  balance(root)
  balance(root + ELEMENT)
}

/** r = a·b mod 2^261, the limbs of b in [0, 2^29), those of r carried and the top one signed. */
function lowProduct(r: usize, a: usize, b: usize): void {
  let c: i64 = 0
  for (let limb: usize = 0; limb < ELEMENT; limb += 4) {
    for (let i: usize = 0; i <= limb; i += 4) c += <i64>load<i32>(a + i) * <i64>load<i32>(b + (limb - i))
    store<i32>(r + limb, <i32>c & 0x1fffffff)
    c >>= 29
  }
  store<i32>(r, (load<i32>(r, 32) << 3) >> 3, 32)
}

/** Limbs from [0, 2^29) to [−2^28, 2^28), but for the top one. */
export function balance(a: usize): void {
  let carry = 0
  for (let limb: usize = 0; limb < 32; limb += 4) {
    const value = load<i32>(a + limb) + carry
    carry = (value + 0x10000000) >> 29
    store<i32>(a + limb, value - (carry << 29))
  }
  store<i32>(a, load<i32>(a, 32) + carry, 32)
}

/**
 * Coefficients in natural order → values in bit-reversed order, in place. `index` 0: at the powers of the root of
 * order 2^log; 1: at its coset, the odd powers of the root of order 2^(log + 1). |coefficient| < 4·p.
 */
export function fftForward(data: usize, log: i32, table: usize, index: usize): void {
  forward(data, log, table, index, 0)
}

function forward(data: usize, log: i32, table: usize, index: usize, depth: i32): void {
  const size = ELEMENT << (<usize>log),
    middle = data + size / 2
  if (depth === GROWTH) reduceAll(data, data + size)
  cooleyTukey(data, middle, middle, table + ROOT * index)
  if (log === 1) return
  forward(data, log - 1, table, 2 * index, depth + 1)
  forward(middle, log - 1, table, 2 * index + 1, depth + 1)
}

/**
 * Values in bit-reversed order → 2^log times the coefficients in natural order, in place. |value| < 8·p; the results
 * are reduced, |result| < 0.51·p.
 */
export function fftInverse(data: usize, log: i32, table: usize): void {
  inverse(data, log, table, 0)
}

function inverse(data: usize, log: i32, table: usize, index: usize): void {
  const middle = data + (ELEMENT << (<usize>(log - 1)))
  if (log > 1) {
    inverse(data, log - 1, table, 2 * index)
    inverse(middle, log - 1, table, 2 * index + 1)
  }
  if (index === 0) {
    sumDifference(data, middle, middle)
    return
  }
  // 1/T[k] = −T[k'] where k' has the bits of k below the highest one inverted.
  const highest = <usize>0x80000000 >>> <usize>clz<u32>(<u32>index)
  const root = table + ROOT * (3 * highest - 1 - index)
  // Sums double in each layer: every fourth reduces them.
  if ((log & 3) === 0) gentlemanSandeReduced(data, middle, middle, root)
  else gentlemanSande(data, middle, middle, root)
}

function reduceAll(from: usize, end: usize): void {
  for (let at = from; at < end; at += ELEMENT) changetype<Fr>(at).reduce(changetype<Fr>(at))
}
