import { Fq2 } from './fq2'
import { CURVE_B } from './generated/curve-constants'
import { Fq } from './generated/fq'
import { fq2SquareRoot, fqSquareRoot } from './square-root'
import { isOnTwist, twistSquare } from './twist'

/** Points from outside: affine in 64 or 128 bytes, or compressed as a proof on the wire has them. */

/** What is wrong with a point; 0 for nothing. The host knows them by number. */
const UNREDUCED = 1
const INFINITE = 2
const OFF_CURVE = 3

const CHECK = memory.data(32, 16)
const WORDS = memory.data(32, 16)
const Y2 = memory.data(72, 16)
const T = memory.data(36, 16)

/** 64 bytes, x and y little-endian, → affine. */
export function readG1Point(point: usize, bytes: usize): i32 {
  const x = changetype<Fq>(point),
    y = changetype<Fq>(point + 36),
    y2 = changetype<Fq>(Y2)
  if (!readCanonical(x, bytes) || !readCanonical(y, bytes + 32)) return UNREDUCED
  if (x.isZero() && y.isZero()) return INFINITE
  curveSquare(y2, x)
  y2.sqrSub(y, y2)
  return y2.isZero() ? 0 : OFF_CURVE
}

/** 128 bytes, the parts of x and y little-endian, → affine on the twist. Whether it is in G2 is not asked. */
export function readTwistPoint(point: usize, bytes: usize): i32 {
  for (let part: usize = 0; part < 4; part++) {
    if (!readCanonical(changetype<Fq>(point + 36 * part), bytes + 32 * part)) return UNREDUCED
  }
  if (changetype<Fq2>(point).isZero() && changetype<Fq2>(point + 72).isZero()) return INFINITE
  return isOnTwist(point) ? 0 : OFF_CURVE
}

/** The two top bits of a compressed point's first byte: 10 for the smaller y, 11 for the larger. */
const FLAGS: u8 = 0xc0
const SMALLER: u8 = 0x80
const LARGER: u8 = 0xc0

/** 32 bytes, x big-endian under the flags, → affine; false where they are no compressed point. */
export function decompressG1(point: usize, bytes: usize): bool {
  const flags = load<u8>(bytes) & FLAGS
  if (flags !== SMALLER && flags !== LARGER) return false
  const x = changetype<Fq>(point),
    y = changetype<Fq>(point + 36)
  if (!readBigEndian(x, bytes, ~FLAGS)) return false
  curveSquare(y, x)
  if (!fqSquareRoot(y, y)) return false
  if (isLarger(y) !== (flags === LARGER)) {
    y.neg(y)
    y.reduce(y)
  }
  return true
}

/** 64 bytes, x as c1 under the flags and c0, → affine on the twist, perhaps outside G2; false for no such point. */
export function decompressTwist(point: usize, bytes: usize): bool {
  const flags = load<u8>(bytes) & FLAGS
  if (flags !== SMALLER && flags !== LARGER) return false
  const x = changetype<Fq2>(point),
    y = changetype<Fq2>(point + 72)
  if (!readBigEndian(x.c1, bytes, ~FLAGS) || !readBigEndian(x.c0, bytes + 32, 0xff)) return false
  twistSquare(y, x)
  if (!fq2SquareRoot(y, y)) return false
  if (isLarger(y.c1.isZero() ? y.c0 : y.c1) !== (flags === LARGER)) {
    y.neg(y)
    y.reduce(y)
  }
  return true
}

/** r = x³ + 3. */
function curveSquare(r: Fq, x: Fq): void {
  const minus = changetype<Fq>(T)
  minus.neg(changetype<Fq>(CURVE_B))
  r.sqr(x)
  r.mulSub(r, x, minus)
}

/** 32 bytes little-endian → r; false unless below q. */
function readCanonical(r: Fq, bytes: usize): bool {
  r.fromBytes(bytes)
  r.toBytes(CHECK)
  return memory.compare(CHECK, bytes, 32) === 0
}

/** 32 bytes big-endian, the first of them masked. */
function readBigEndian(r: Fq, bytes: usize, mask: u8): bool {
  for (let index: usize = 0; index < 32; index++) store<u8>(WORDS + 31 - index, load<u8>(bytes + index))
  store<u8>(WORDS, load<u8>(WORDS, 31) & mask, 31)
  return readCanonical(r, WORDS)
}

/** Of y and −y, whether y is the larger integer: 2y mod q is odd just where 2y > q. */
function isLarger(y: Fq): bool {
  const double = changetype<Fq>(T)
  double.dbl(y)
  double.toBytes(CHECK)
  return (load<u8>(CHECK) & 1) !== 0
}
