import { Fq2 } from './fq2'
import {
  fq2MinusQuadruple,
  fq2MinusTriple,
  fq2Negative,
  fq2TwistDouble,
  fq2TwistMinus,
  fq2TwistPlus,
} from './generated/linear-kernel'
import { LOOP, LOOP_LENGTH, TWIST_3B } from './generated/pairing-constants'
import { frobeniusImages, product, square } from './twist'

/**
 * Bytes of a line: l0, l1 and l3 of l0·y_P − l1·x_P·w + l3·w³, or what is the same after the final exponentiation,
 * l0 + l1·(−x_P/y_P)·w + l3·(1/y_P)·w³.
 */
export const LINE_BYTES: usize = 216

const TX = memory.data(72, 16)
const TY = memory.data(72, 16)
const TZ = memory.data(72, 16)
const MINUS = memory.data(144, 16)
const IMAGES = memory.data(432, 16)
const A = memory.data(72, 16)
const B = memory.data(72, 16)
const C = memory.data(72, 16)
const D = memory.data(72, 16)
const E = memory.data(72, 16)

/**
 * The lines of the optimal ate pairing's Miller loop (Vercauteren, "Optimal Pairings", 2010, §IV) for one point Q of
 * the twist, affine and on the curve, in homogeneous coordinates without inversions. True where Q is in G2: the chain
 * ends in T = [6u + 2]Q + ψQ − ψ²Q, and T = −ψ³Q is what tells a point of G2 (Dai, Lin, Zhao and Zhou, "Fast Subgroup
 * Membership Testings on Pairing-Friendly Curves", 2022: the norm of 6u + 2 + ψ − ψ² + ψ³ is a multiple of r by a
 * factor that has none in common with the twist's order). A sum that meets its exception, T = ±Q, leaves Z = 0 for
 * good; in G2 none does.
 */
export function twistLines(lines: usize, q: usize): bool {
  changetype<Fq2>(TX).copy(changetype<Fq2>(q))
  changetype<Fq2>(TY).copy(changetype<Fq2>(q + 72))
  changetype<Fq2>(TZ).setOne()
  changetype<Fq2>(MINUS).copy(changetype<Fq2>(q))
  fq2Negative(MINUS + 72, q + 72)
  frobeniusImages(IMAGES, q)
  let line = lines
  for (let index = 0; index < LOOP_LENGTH; index++) {
    tangent(line)
    line += LINE_BYTES
    const digit = load<i8>(LOOP + index)
    if (digit === 0) continue
    chord(line, digit > 0 ? q : MINUS)
    line += LINE_BYTES
  }
  chord(line, IMAGES)
  chord(line + LINE_BYTES, IMAGES + 144)
  return isPoint(IMAGES + 288)
}

/** T = 2T (Costello, Lange and Naehrig, "Faster Pairing Computations on Curves with High-Degree Twists", 2010, §5). */
function tangent(line: usize): void {
  const x = changetype<Fq2>(TX),
    y = changetype<Fq2>(TY),
    z = changetype<Fq2>(TZ),
    a = changetype<Fq2>(A),
    b = changetype<Fq2>(B),
    c = changetype<Fq2>(C),
    d = changetype<Fq2>(D),
    e = changetype<Fq2>(E),
    l0 = changetype<Fq2>(line),
    l3 = changetype<Fq2>(line + 144)
  square(b, y)
  square(c, z)
  // −2YZ = (Y − Z)² − Y² − Z².
  d.sub(y, z)
  e.add(b, c)
  l0.sqrSub(d, e)
  square(a, x)
  fq2MinusTriple(line + 72, A)
  // 3b′Z² − Y², from which 2(B − F), B + F and 2E follow for B = Y², E = 3b′Z², F = 3E.
  l3.mulSub(c, changetype<Fq2>(TWIST_3B), b)
  fq2TwistMinus(A, B, line + 144)
  fq2TwistPlus(C, B, line + 144)
  fq2TwistDouble(D, B, line + 144)
  // Four times (XY(B − F)/2, ((B + F)/2)² − 3E², 2BYZ).
  product(x, x, y)
  product(x, x, a)
  square(d, d)
  e.dbl(d)
  e.add(e, d)
  y.sqrSub(c, e)
  product(z, b, l0)
  fq2MinusQuadruple(TZ, TZ)
}

/** T = T + S for an affine S ≠ ±T. */
function chord(line: usize, s: usize): void {
  const x = changetype<Fq2>(TX),
    y = changetype<Fq2>(TY),
    z = changetype<Fq2>(TZ),
    a = changetype<Fq2>(A),
    b = changetype<Fq2>(B),
    c = changetype<Fq2>(C),
    d = changetype<Fq2>(D),
    xs = changetype<Fq2>(s),
    ys = changetype<Fq2>(s + 72),
    l0 = changetype<Fq2>(line),
    l1 = changetype<Fq2>(line + 72),
    l3 = changetype<Fq2>(line + 144)
  l1.mulSub(ys, z, y)
  l0.mulSub(xs, z, x)
  product(a, l0, ys)
  l3.mulSub(l1, xs, a)
  square(a, l0)
  // b = l0³, c = l0²·X, d = l1²·Z − 2c − b.
  product(b, a, l0)
  product(c, a, x)
  square(a, l1)
  d.dbl(c)
  d.add(d, b)
  d.mulSub(a, z, d)
  product(x, l0, d)
  c.sub(c, d)
  product(a, b, y)
  y.mulSub(c, l1, a)
  product(z, z, b)
}

/** Whether T is the affine point at `s`. */
function isPoint(s: usize): bool {
  const x = changetype<Fq2>(A),
    y = changetype<Fq2>(B),
    z = changetype<Fq2>(TZ)
  if (z.isZero()) return false
  x.mulSub(changetype<Fq2>(s), z, changetype<Fq2>(TX))
  y.mulSub(changetype<Fq2>(s + 72), z, changetype<Fq2>(TY))
  return x.isZero() && y.isZero()
}
