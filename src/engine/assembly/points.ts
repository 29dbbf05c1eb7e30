import { Affine } from './curve'
import { Fq2 } from './fq2'
import { CURVE_B, Q_WORDS } from './generated/curve-constants'
import { Fq } from './generated/fq'
import { LINE_COUNT } from './generated/pairing-constants'
import { fq2SquareRoot, fqSquareRoot } from './square-root'
import { twistSquare } from './twist'
import { LINE_BYTES, twistLines } from './twist-lines'

/**
 * Points as a `.zkey` holds them: affine, each coordinate v·2^256 mod q in 32 bytes little-endian, over Fq2 the real
 * part first, infinity all zeros. Compressed, a point is its x alone; the highest bit says whether y is odd as its
 * bytes stand. Of y ≠ 0 and q − y one is odd, in Montgomery form, too. Over Fq2 the bit is that of y's real part or,
 * where that is zero, of its imaginary part.
 */
const SIGN: u32 = 0x80000000
/** Bytes of a coordinate. */
const FQ: usize = 32
const FQ2: usize = 64

const X = memory.data(72, 16)
const Y = memory.data(72, 16)
const SQUARE = memory.data(72, 16)
const POINT = memory.data(144, 16)
const LINES = memory.data(LINE_BYTES * LINE_COUNT, 16)

/** How many points stand before the first that is neither infinity nor, with canonical coordinates, on the curve. */
export function g1CountOnCurve(points: usize, count: i32): i32 {
  for (let index = 0; index < count; index++) {
    if (!isInfinity(points, FQ) && !g1IsOnCurve(points)) return index
    points += 2 * FQ
  }
  return count
}

/** The same on the twist, in whatever subgroup. */
export function g2CountOnCurve(points: usize, count: i32): i32 {
  for (let index = 0; index < count; index++) {
    if (!isInfinity(points, FQ2) && !g2IsOnCurve(points)) return index
    points += 2 * FQ2
  }
  return count
}

/** How many points of the twist stand before the first that is neither infinity nor in the group of order r. */
export function g2CountInSubgroup(points: usize, count: i32): i32 {
  const point = changetype<Affine<Fq2>>(POINT)
  for (let index = 0; index < count; index++) {
    if (!isInfinity(points, FQ2)) {
      point.fromMontgomery256(points)
      if (!twistLines(LINES, POINT)) return index
    }
    points += 2 * FQ2
  }
  return count
}

/**
 * Writes the points compressed, 32 bytes each, infinity left out: its bit is set in `infinities`, which begin as zeros,
 * lowest bit first. Returns how many are written. Whether they are on the curve is not looked at.
 */
export function g1Compress(compressed: usize, infinities: usize, points: usize, count: i32): i32 {
  return compress(compressed, infinities, points, count, FQ)
}

/** The same on the twist, 64 bytes each. */
export function g2Compress(compressed: usize, infinities: usize, points: usize, count: i32): i32 {
  return compress(compressed, infinities, points, count, FQ2)
}

/**
 * Writes `count` points from what {@link g1Compress} gave. Returns how many are written: fewer than `count` when the
 * next one's x is not below q or has no y.
 */
export function g1Decompress(points: usize, infinities: usize, compressed: usize, count: i32): i32 {
  for (let index = 0; index < count; index++) {
    if (bitAt(infinities, index)) {
      memory.fill(points, 0, 2 * FQ)
    } else {
      const sign = takeSign(points, compressed, FQ)
      if (!isCanonical(points) || !g1FindY(points, sign)) return index
      compressed += FQ
    }
    points += 2 * FQ
  }
  return count
}

/** The same on the twist. */
export function g2Decompress(points: usize, infinities: usize, compressed: usize, count: i32): i32 {
  for (let index = 0; index < count; index++) {
    if (bitAt(infinities, index)) {
      memory.fill(points, 0, 2 * FQ2)
    } else {
      const sign = takeSign(points, compressed, FQ2)
      if (!isCanonical(points) || !isCanonical(points + FQ) || !g2FindY(points, sign)) return index
      compressed += FQ2
    }
    points += 2 * FQ2
  }
  return count
}

function g1FindY(point: usize, sign: u32): bool {
  const x = changetype<Fq>(X),
    y = changetype<Fq>(Y),
    square = changetype<Fq>(SQUARE)
  x.fromMontgomery256(point)
  square.sqr(x)
  square.mul(square, x)
  square.add(square, changetype<Fq>(CURVE_B))
  if (!fqSquareRoot(y, square)) return false
  y.toMontgomery256(point + FQ)
  if (parity(point + FQ, FQ) !== sign) {
    y.neg(y)
    y.toMontgomery256(point + FQ)
  }
  return true
}

function g2FindY(point: usize, sign: u32): bool {
  const x = changetype<Fq2>(X),
    y = changetype<Fq2>(Y),
    square = changetype<Fq2>(SQUARE)
  x.fromMontgomery256(point)
  twistSquare(square, x)
  if (!fq2SquareRoot(y, square)) return false
  y.toMontgomery256(point + FQ2)
  if (parity(point + FQ2, FQ2) !== sign) {
    y.neg(y)
    y.toMontgomery256(point + FQ2)
  }
  return true
}

function g1IsOnCurve(point: usize): bool {
  if (!isCanonical(point) || !isCanonical(point + FQ)) return false
  const x = changetype<Fq>(X),
    y = changetype<Fq>(Y),
    square = changetype<Fq>(SQUARE)
  x.fromMontgomery256(point)
  y.fromMontgomery256(point + FQ)
  y.sqr(y)
  square.sqr(x)
  square.mulSub(square, x, y)
  square.add(square, changetype<Fq>(CURVE_B))
  return square.isZero()
}

function g2IsOnCurve(point: usize): bool {
  for (let at: usize = 0; at < 2 * FQ2; at += FQ) if (!isCanonical(point + at)) return false
  const x = changetype<Fq2>(X),
    y = changetype<Fq2>(Y),
    square = changetype<Fq2>(SQUARE)
  x.fromMontgomery256(point)
  y.fromMontgomery256(point + FQ2)
  twistSquare(square, x)
  square.sqrSub(y, square)
  return square.isZero()
}

function compress(compressed: usize, infinities: usize, points: usize, count: i32, coordinate: usize): i32 {
  let written = 0
  for (let index = 0; index < count; index++) {
    if (isInfinity(points, coordinate)) {
      const byte = infinities + (<usize>index >> 3)
      store<u8>(byte, load<u8>(byte) | (1 << (<u8>index & 7)))
    } else {
      memory.copy(compressed, points, coordinate)
      const top = compressed + coordinate - 4
      store<u32>(top, load<u32>(top) | (parity(points + coordinate, coordinate) ? SIGN : 0))
      compressed += coordinate
      written++
    }
    points += 2 * coordinate
  }
  return written
}

/** Copies x without its highest bit, and returns that. */
function takeSign(point: usize, compressed: usize, coordinate: usize): u32 {
  memory.copy(point, compressed, coordinate)
  const top = point + coordinate - 4
  const word = load<u32>(top)
  store<u32>(top, word & ~SIGN)
  return word >>> 31
}

/** The low bit of a coordinate's first part that is not zero. */
function parity(bytes: usize, coordinate: usize): u32 {
  return isZero(bytes, FQ) ? <u32>load<u8>(bytes + coordinate - FQ) & 1 : <u32>load<u8>(bytes) & 1
}

function bitAt(bits: usize, index: i32): bool {
  return (load<u8>(bits + (<usize>index >> 3)) & (1 << (<u8>index & 7))) !== 0
}

function isInfinity(point: usize, coordinate: usize): bool {
  return isZero(point, 2 * coordinate)
}

function isZero(bytes: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += 8) if (load<u64>(bytes + at)) return false
  return true
}

/** Whether 32 bytes hold an integer below q. */
function isCanonical(bytes: usize): bool {
  for (let at: usize = 32; at > 0; ) {
    at -= 4
    const word = load<u32>(bytes + at),
      bound = load<u32>(Q_WORDS + at)
    if (word !== bound) return word < bound
  }
  return false
}
