import { CURVE_B, inverse, LIMBS, MONTGOMERY, Q, U, XI } from '../parameters.ts'
import { endomorphism } from './glv.ts'
import { limbs } from './limbs.ts'

type Pair = readonly [c0: bigint, c1: bigint]

/** The window of the digits of u, in bits. */
const WINDOW = 4

/** The AssemblyScript source of what the pairing takes from the parameters of the curve. */
export function pairingConstantsSource(): string {
  const xi: Pair = [XI.c0, XI.c1]
  const roots = [1n, 2n, 3n].map((degree) => powers(fq2Power(xi, (Q ** degree - 1n) / 6n)))
  const loop = startWithoutMinus(signedDigits(6n * U + 2n, 2))
  const u = signedDigits(U, WINDOW)
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

/** Three times the twist's b. */
export const TWIST_3B = ${elements(scale(fq2Inverse(xi), 3n * CURVE_B))};

/** ξ^(k(q^n − 1)/6) in Fq2 for k = 1 … 5, for n = 1, 2, 3: w^(k·q^n) = ξ^(k(q^n − 1)/6)·w^k. */
${roots.map((list, index) => `export const ROOTS_${index + 1} = ${elements(list.flat())};`).join('\n')}

/** λ of the endomorphism, 32 bytes little-endian. */
export const LAMBDA_BYTES = ${bytes(endomorphism().lambda)};

/** The signed digits of 6u + 2 behind the leading one, high digit first. */
export const LOOP = memory.data<i8>([${loop.slice(1).join(', ')}]);
export const LOOP_LENGTH = ${loop.length - 1};
/** Lines of one Miller loop: a tangent per digit, a chord per digit other than 0, two chords of Frobenius. */
export const LINE_COUNT = ${loop.length - 1 + loop.slice(1).filter((digit) => digit !== 0).length + 2};

/** Odd digits of u below 2^${WINDOW - 1} in absolute value, or 0, high digit first. */
export const U_DIGITS = memory.data<i8>([${u.join(', ')}]);
export const U_LENGTH = ${u.length};
`
}

/** Signed digits of width w, high first: odd or 0, below 2^(w−1) in absolute value, of w in a row one other than 0. */
function signedDigits(value: bigint, width: number): number[] {
  const digits: number[] = []
  const size = 1n << BigInt(width)
  for (let rest = value; rest > 0n; rest >>= 1n) {
    let digit = 0n
    if (rest & 1n) {
      digit = rest % size
      if (digit > size / 2n) digit -= size
      rest -= digit
    }
    digits.push(Number(digit))
  }
  return digits.reverse()
}

/** 1 0 −1 … is 0 1 1 …: one step less for as many chords. */
function startWithoutMinus(digits: readonly number[]): number[] {
  const [first, second, third, ...rest] = digits
  return first === 1 && second === 0 && third === -1 ? [1, 1, ...rest] : [...digits]
}

function mod(value: bigint, modulus: bigint): bigint {
  return ((value % modulus) + modulus) % modulus
}

function scale([c0, c1]: Pair, factor: bigint): Pair {
  return [mod(c0 * factor, Q), mod(c1 * factor, Q)]
}

function fq2Mul([a0, a1]: Pair, [b0, b1]: Pair): Pair {
  return [mod(a0 * b0 - a1 * b1, Q), mod(a0 * b1 + a1 * b0, Q)]
}

function fq2Inverse([c0, c1]: Pair): Pair {
  return scale([c0, -c1], inverse(c0 * c0 + c1 * c1, Q))
}

function fq2Power(base: Pair, exponent: bigint): Pair {
  let result: Pair = [1n, 0n]
  for (const bit of exponent.toString(2)) {
    result = fq2Mul(result, result)
    if (bit === '1') result = fq2Mul(result, base)
  }
  return result
}

/** The first five powers of a root. */
function powers(root: Pair): Pair[] {
  const list: Pair[] = [root]
  for (let previous = root; list.length < 5; list.push(previous)) previous = fq2Mul(previous, root)
  return list
}

/** Elements of Fq in Montgomery form, one behind the other. */
function elements(values: readonly bigint[]): string {
  return `memory.data<i32>([${values.flatMap((value) => limbs((value * MONTGOMERY) % Q, LIMBS)).join(', ')}])`
}

function bytes(value: bigint): string {
  const digits = Array.from({ length: 32 }, (_, index) => (value >> BigInt(8 * index)) & 255n)
  return `memory.data<u8>([${digits.join(', ')}])`
}
