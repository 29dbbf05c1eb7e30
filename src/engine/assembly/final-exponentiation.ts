import { Fq12 } from './fq12'
import { U_DIGITS, U_LENGTH } from './generated/pairing-constants'

const T0 = memory.data(432, 16)
const T1 = memory.data(432, 16)
const T2 = memory.data(432, 16)
const T3 = memory.data(432, 16)
/** a, a³, a⁵, a⁷. */
const ODD_POWERS = memory.data(4 * 432, 16)
const SQUARE = memory.data(432, 16)
const INVERSE = memory.data(432, 16)

/**
 * r = f^(2u(6u² + 3u + 1)·(q¹² − 1)/r), 0 for 0: the easy part (q⁶ − 1)(q² + 1), then the hard part by
 * Fuentes-Castañeda, Knapp and Rodríguez-Henríquez, "Faster Hashing to G2" (2011), §5, with three powers of u.
 */
export function finalExponentiation(r: Fq12, f: Fq12): void {
  const g = changetype<Fq12>(T0),
    a = changetype<Fq12>(T1),
    b = changetype<Fq12>(T2),
    c = changetype<Fq12>(T3)
  // g = f^((q⁶ − 1)(q² + 1)).
  a.inverse(f)
  g.conjugate(f)
  g.mul(g, a)
  a.frobenius2(g)
  g.mul(g, a)
  // b = g^(2u), a = g^(6u), c = g^(6u²).
  powerU(b, g)
  b.cyclotomicSqr(b)
  a.cyclotomicSqr(b)
  a.mul(a, b)
  powerU(c, a)
  // a = g^(12u³ + 6u² + 6u), r = g^(12u³ + 12u² + 6u + 1).
  a.mul(a, c)
  r.cyclotomicSqr(c)
  powerU(r, r)
  a.mul(a, r)
  r.mul(a, c)
  r.mul(r, g)
  // b = a·g^(−2u); r·b^q·a^(q²)·(b/g)^(q³).
  b.conjugate(b)
  b.mul(b, a)
  c.frobenius(b)
  r.mul(r, c)
  a.frobenius2(a)
  r.mul(r, a)
  g.conjugate(g)
  g.mul(g, b)
  g.frobenius3(g)
  r.mul(r, g)
}

/** r = a^u in the cyclotomic subgroup, where an inverse is a conjugate. r may be a. */
function powerU(r: Fq12, a: Fq12): void {
  const square = changetype<Fq12>(SQUARE),
    inverse = changetype<Fq12>(INVERSE)
  changetype<Fq12>(ODD_POWERS).copy(a)
  square.cyclotomicSqr(a)
  for (let power: usize = 432; power < 4 * 432; power += 432) {
    changetype<Fq12>(ODD_POWERS + power).mul(changetype<Fq12>(ODD_POWERS + power - 432), square)
  }
  r.copy(oddPower(load<i8>(U_DIGITS)))
  for (let index = 1; index < U_LENGTH; index++) {
    r.cyclotomicSqr(r)
    const digit = load<i8>(U_DIGITS + index)
    if (digit > 0) r.mul(r, oddPower(digit))
    else if (digit < 0) {
      inverse.conjugate(oddPower(-digit))
      r.mul(r, inverse)
    }
  }
}

function oddPower(digit: i32): Fq12 {
  return changetype<Fq12>(ODD_POWERS + 432 * (<usize>digit >> 1))
}
