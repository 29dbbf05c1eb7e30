import { inverse, Q } from '../parameters.ts'

/** Arithmetic of a field of coordinates on integers, for what the build asserts. */
type Field<E> = {
  readonly one: E
  readonly add: (a: E, b: E) => E
  readonly subtract: (a: E, b: E) => E
  readonly multiply: (a: E, b: E) => E
  readonly invert: (a: E) => E
  readonly isZero: (a: E) => boolean
}

type Pair = { readonly c0: bigint; readonly c1: bigint }

const modulo = (value: bigint): bigint => ((value % Q) + Q) % Q

export const FQ: Field<bigint> = {
  one: 1n,
  add: (a, b) => (a + b) % Q,
  subtract: (a, b) => modulo(a - b),
  multiply: (a, b) => (a * b) % Q,
  invert: (a) => inverse(a, Q),
  isZero: (a) => a === 0n,
}

export const FQ2: Field<Pair> = {
  one: { c0: 1n, c1: 0n },
  add: (a, b) => ({ c0: (a.c0 + b.c0) % Q, c1: (a.c1 + b.c1) % Q }),
  subtract: (a, b) => ({ c0: modulo(a.c0 - b.c0), c1: modulo(a.c1 - b.c1) }),
  multiply: (a, b) => ({ c0: modulo(a.c0 * b.c0 - a.c1 * b.c1), c1: (a.c0 * b.c1 + a.c1 * b.c0) % Q }),
  invert: (a) => {
    const scale = inverse((a.c0 * a.c0 + a.c1 * a.c1) % Q, Q)
    return { c0: (a.c0 * scale) % Q, c1: modulo(-a.c1 * scale) }
  },
  isZero: (a) => a.c0 === 0n && a.c1 === 0n,
}

/** k·(x, y) for k > 0 by doubling and adding in Jacobian coordinates; no sum on the way may be a special case. */
export function multiple<E>(field: Field<E>, point: { readonly x: E; readonly y: E }, k: bigint): { x: E; y: E } {
  const { add, subtract, multiply } = field
  let [x, y, z] = [point.x, point.y, field.one]
  for (const bit of k.toString(2).slice(1)) {
    // dbl-2009-l of the Explicit-Formulas Database.
    const [xx, yy] = [multiply(x, x), multiply(y, y)]
    const xyy = multiply(x, yy)
    const s = add(add(xyy, xyy), add(xyy, xyy))
    const m = add(add(xx, xx), xx)
    const eight = [1, 2, 3].reduce((value) => add(value, value), multiply(yy, yy))
    const yz = multiply(y, z)
    x = subtract(multiply(m, m), add(s, s))
    y = subtract(multiply(m, subtract(s, x)), eight)
    z = add(yz, yz)
    if (bit === '0') continue
    const zz = multiply(z, z)
    const h = subtract(multiply(point.x, zz), x)
    const r = subtract(multiply(point.y, multiply(zz, z)), y)
    if (field.isZero(h)) throw new Error('a special case on the way to a multiple')
    const hh = multiply(h, h)
    const hhh = multiply(h, hh)
    const v = multiply(x, hh)
    const sum = subtract(subtract(multiply(r, r), hhh), add(v, v))
    y = subtract(multiply(r, subtract(v, sum)), multiply(y, hhh))
    x = sum
    z = multiply(z, h)
  }
  const zInverse = field.invert(z)
  const square = multiply(zInverse, zInverse)
  return { x: multiply(x, square), y: multiply(y, multiply(square, zInverse)) }
}
