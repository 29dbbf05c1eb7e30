import { reversed } from './bit-reversal'
import { balance, fftForward, fftInverse } from './fft'
import { Fr } from './generated/fr'
import { MONTGOMERY_SQUARED } from './generated/fr-butterfly'
import { combine } from './generated/fr-combination'

/*
 * The scalars of a proof's H part: (A·B − C)(x) at the coset of the domain, for the polynomials A, B, C that take the
 * values a, b and c = a∘b of the constraints' rows on the domain. (Groth, "On the Size of Pairing-based Non-interactive
 * Arguments", 2016, §3: the quotient's numerator; on the coset x^n − 1 is the constant −2, which the key's points
 * contain.)
 *
 * Values here are plain, not in Montgomery form: a Montgomery product of two of them lacks a factor 2^261, which the
 * constants at the end put back.
 */

const ELEMENT: usize = 36

/** 2^10 and 2^261, as they are. */
const KILO = memory.data<i32>([1024, 0, 0, 0, 0, 0, 0, 0, 0])
const BYTES = memory.data(32, 16)
/** 2^261/n and 2^522/n. */
const SCALE = memory.data(36, 16)
const FINAL = memory.data(36, 16)
const T = memory.data(36, 16)

const BATCH = 64
const FETCHED = memory.data(36 * 64, 16)

/** `count` coefficients c·2^512 mod p, 32 bytes each → c·2^261 with balanced limbs. */
export function quotientCoefficients(to: usize, from: usize, count: i32): void {
  for (let index = 0; index < count; index++, to += ELEMENT, from += 32) {
    const coefficient = changetype<Fr>(to)
    coefficient.unpack(from)
    coefficient.mul(coefficient, changetype<Fr>(KILO))
    coefficient.reduce(coefficient)
    balance(to)
  }
}

/** `count` values of 32 bytes → limbs. */
export function quotientValues(to: usize, from: usize, count: i32): void {
  for (let index = 0; index < count; index++, to += ELEMENT, from += 32) changetype<Fr>(to).unpack(from)
}

/** Runs a program of `count` combinations, whose results stand one after another at `to`. */
export function quotientCombine(to: usize, program: usize, count: i32): void {
  for (let index = 0; index < count; index++, to += ELEMENT) program = combine(to, program)
}

/** r = the elements at the `count` addresses that stand at `from`. */
export function quotientGather(r: usize, from: usize, count: i32): void {
  for (let index = 0; index < count; index++, r += ELEMENT, from += 4) {
    changetype<Fr>(r).copy(changetype<Fr>(<usize>load<u32>(from)))
  }
}

/** r = r times the elements at the `count` addresses that stand at `from`, element by element. */
export function quotientMultiplyGathered(r: usize, from: usize, count: i32): void {
  const end = r + ELEMENT * <usize>count
  while (r < end) {
    // Fetched some at a time, for a multiplication is too long for the next one's operands to be on their way.
    const size = min<i32>(BATCH, <i32>((end - r) / ELEMENT))
    quotientGather(FETCHED, from, size)
    for (let factor = FETCHED, last = FETCHED + ELEMENT * <usize>size; factor < last; factor += ELEMENT, r += ELEMENT) {
      changetype<Fr>(r).mul(changetype<Fr>(r), changetype<Fr>(factor))
    }
    from += 4 * <usize>size
  }
}

/** Overwrites what stands at fixed addresses of the last evaluation, the field's own temporary included. */
export function quotientForget(): void {
  memory.fill(FETCHED, 0, ELEMENT * BATCH)
  changetype<Fr>(T).setZero()
  changetype<Fr>(T).pack(BYTES)
}

/** Values on the domain → n times the values on the coset, both in bit-reversed order. */
export function quotientExtend(data: usize, log: i32, table: usize): void {
  fftInverse(data, log, table)
  fftForward(data, log, table, 1)
}

/** a = a·b/n, element by element. */
export function quotientMultiply(a: usize, b: usize, log: i32): void {
  constants(log)
  const end = a + (ELEMENT << (<usize>log)),
    t = changetype<Fr>(T)
  for (; a < end; a += ELEMENT, b += ELEMENT) {
    t.mul(changetype<Fr>(a), changetype<Fr>(SCALE))
    t.reduce(t)
    changetype<Fr>(a).mul(t, changetype<Fr>(b))
  }
}

/** h = (a − c)/n, canonical, 32 bytes each, from bit-reversed order into natural order. */
export function quotientJoin(h: usize, a: usize, c: usize, log: i32): void {
  constants(log)
  const count = 1 << log,
    t = changetype<Fr>(T)
  for (let index = 0; index < count; index++, a += ELEMENT, c += ELEMENT) {
    t.sub(changetype<Fr>(a), changetype<Fr>(c))
    t.mul(t, changetype<Fr>(FINAL))
    t.pack(h + 32 * <usize>reversed(index, log))
  }
}

/** SCALE and FINAL for a domain of 2^log points. */
function constants(log: i32): void {
  memory.fill(BYTES, 0, 32)
  store<u32>(BYTES, (<u32>1) << log)
  const scale = changetype<Fr>(SCALE)
  scale.fromBytes(BYTES)
  scale.inverse(scale)
  scale.canonical(scale)
  changetype<Fr>(FINAL).mul(scale, changetype<Fr>(MONTGOMERY_SQUARED))
}
