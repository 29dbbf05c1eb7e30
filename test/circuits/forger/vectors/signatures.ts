import { poseidon5 } from 'poseidon-lite/poseidon5'
import { FIELD_ORDER, toField } from '../../../../src/protocol/field.ts'
import { type JubjubPoint, JUBJUB_SUBGROUP_ORDER as L } from '../../../../src/protocol/issuer-signature.ts'
import { affine, Point, smallOrderPoints, testPublicKey, testSign } from '../../baby-jubjub.ts'
import { modulo } from '../../constraint-system.ts'
import { seeded } from '../seeded.ts'

type Draw = (below: bigint) => bigint

/** A point, or a pair of numbers that is none; not necessarily below r. */
export type Coordinates = readonly [x: bigint, y: bigint]

export type Verdict = 'accepted' | 'refused' | 'killed'

/** A signature with its key and message, and what is known of it. */
export type SignatureVector = {
  readonly name: string
  readonly key: Coordinates
  readonly message: bigint
  readonly r8: Coordinates
  readonly s: bigint
  /** What circomlibjs 0.1.7 says where it differs from the right answer. */
  readonly independent?: Exclude<Verdict, 'refused'>
  /** Modulo r it is the honest signature: refused for the spelling, where anything still sees the spelling. */
  readonly alias?: true
}

export type SignatureVectors = {
  readonly honest: SignatureVector
  /** No judge may accept one of these, save where `independent` says that circomlibjs does. */
  readonly negatives: readonly SignatureVector[]
  /**
   * Keys with a part of small order that sign for themselves. The circuit multiplies the key by 8 and accepts; whoever
   * builds the issuers' root refuses such a key, and so does our JavaScript.
   */
  readonly leftToTheRoot: readonly SignatureVector[]
}

/** Signatures of `message` by the test issuer of `issuerSeed`, honest and not. The same seed gives the same. */
export function signatureVectors({
  message,
  issuerSeed,
  seed,
}: {
  message: bigint
  issuerSeed: number
  seed: number
}): SignatureVectors {
  const draw = seeded(seed, 'signatures').below
  const { r8, s } = testSign(issuerSeed, message)
  const honest: SignatureVector = { name: 'honest', key: testPublicKey(issuerSeed), message, r8, s }
  const other = testSign(issuerSeed + 1, message)
  const sameKey = testSign(issuerSeed, modulo(message + 1n))
  const negatives = [
    ...scalars(honest, draw),
    ...messages(honest, draw),
    ...points(honest, 'r8', draw),
    ...points(honest, 'key', draw),
    { ...honest, name: 'R8 is the key', r8: honest.key },
    { ...honest, name: 'R8 of another message', r8: sameKey.r8 },
    { ...honest, name: 'S of another message', s: sameKey.s },
    { ...honest, name: 'R8 of another key', r8: other.r8 },
    { ...honest, name: 'S of another key', s: other.s },
    { ...honest, name: 'signature of another key', ...other },
    ...[1, 2, 3].map((n) => ({ ...honest, name: `key of another, ${n}`, key: testPublicKey(issuerSeed + n) })),
    ...keysOfSmallOrder(honest),
    ...keysBesideTheCurve(honest),
    ...cofactored(honest, draw),
  ]
  return { honest, negatives, leftToTheRoot: keysWithTorsion(honest, draw) }
}

const [IDENTITY, ...TORSION] = smallOrderPoints() as [JubjubPoint, ...JubjubPoint[]]

function scalars(honest: SignatureVector, draw: Draw): SignatureVector[] {
  const { s } = honest
  const named: [string, bigint][] = [
    ...range(1, 7).map((k): [string, bigint] => [`S + ${k}l`, s + BigInt(k) * L]),
    ['0', 0n],
    ['1', 1n],
    ['S + 1', s + 1n],
    ['S - 1', s - 1n],
    ['l - S', L - s],
    ['2S', (2n * s) % L],
    ['S/2', s % 2n === 0n ? s / 2n : (s + L) / 2n],
    ['l - 1', L - 1n],
    ['l', L],
    ['l + 1', L + 1n],
    ['r - S', FIELD_ORDER - s],
    ['r - 1', FIELD_ORDER - 1n],
    ['2^251', 2n ** 251n],
    ['2^252', 2n ** 252n],
    ['2^253 - 1', 2n ** 253n - 1n],
    ['2^253', 2n ** 253n],
    ['r', FIELD_ORDER],
    ['r + 1', FIELD_ORDER + 1n],
    ['2^254', 2n ** 254n],
    ['2^256 - 1', 2n ** 256n - 1n],
    ...someBits(draw, { count: 20, below: 251n }).map((bit): [string, bigint] => {
      return [`S with bit ${bit} flipped`, s ^ (1n << bit)]
    }),
  ]
  return [
    ...named.map(([name, value]) => ({ ...honest, name: `scalar ${name}`, s: value })),
    { ...honest, name: 'scalar S + r', s: s + FIELD_ORDER, alias: true },
    // A negative scalar never becomes 0 by halving: circomlibjs does not return.
    { ...honest, name: 'scalar S - r', s: s - FIELD_ORDER, alias: true, independent: 'killed' },
    ...[-1n, -s, s - L, s - 2n * L].map((value, index): SignatureVector => {
      return { ...honest, name: `negative scalar ${index + 1}`, s: value, independent: 'killed' }
    }),
  ]
}

function messages(honest: SignatureVector, draw: Draw): SignatureVector[] {
  const { message } = honest
  const flipped = someBits(draw, { count: 12, below: 253n }).map((bit): [string, bigint] => {
    return [`with bit ${bit} flipped`, modulo(message ^ (1n << bit))]
  })
  const named: [string, bigint][] = [
    ['+ 1', modulo(message + 1n)],
    ['- 1', modulo(message - 1n)],
    ['negated', modulo(-message)],
    ['+ l', modulo(message + L)],
    ...range(0, 8).map((n): [string, bigint] => [`${n}`, BigInt(n)]),
    ['r - 1', FIELD_ORDER - 1n],
    ...flipped,
  ]
  return named.map(([name, value]) => ({ ...honest, name: `message ${name}`, message: value }))
}

/** The same changes for R8 and for the key. */
function points(honest: SignatureVector, side: 'r8' | 'key', draw: Draw): SignatureVector[] {
  const point = honest[side]
  const [x, y] = point
  const named: [string, Coordinates][] = [
    ['off the curve', [1n, 2n]],
    ['the origin', [0n, 0n]],
    ['x + 1', [modulo(x + 1n), y]],
    ['x - 1', [modulo(x - 1n), y]],
    ['y + 1', [x, modulo(y + 1n)]],
    ['y - 1', [x, modulo(y - 1n)]],
    ['negated (-x, y)', [modulo(-x), y]],
    ['(x, -y)', [x, modulo(-y)]],
    ['(-x, -y)', [modulo(-x), modulo(-y)]],
    ['swapped', [y, x]],
    ['(x, 0)', [x, 0n]],
    ['(0, y)', [0n, y]],
    ['doubled', affine(onCurve(point).double())],
    ['plus the generator', affine(onCurve(point).add(Point.BASE))],
    ['the generator', affine(Point.BASE)],
    ['of small order 0', IDENTITY],
    ...TORSION.map((small, index): [string, Coordinates] => [`of small order ${index + 1}`, small]),
    ...TORSION.map((small, index): [string, Coordinates] => [
      `plus small order ${index + 1}`,
      affine(onCurve(point).add(onCurve(small))),
    ]),
    ...someBits(draw, { count: 10, below: 253n }).map((bit): [string, Coordinates] => {
      return [`x with bit ${bit} flipped`, [modulo(x ^ (1n << bit)), y]]
    }),
    ...someBits(draw, { count: 10, below: 253n }).map((bit): [string, Coordinates] => {
      return [`y with bit ${bit} flipped`, [x, modulo(y ^ (1n << bit))]]
    }),
  ]
  const aliases: [string, Coordinates][] = [
    ['x + r', [x + FIELD_ORDER, y]],
    ['y + r', [x, y + FIELD_ORDER]],
  ]
  return [
    ...named.map(([name, value]) => ({ ...honest, name: `${side} ${name}`, [side]: value })),
    // Its field type reduces what it is given, so circomlibjs cannot see the spelling.
    ...aliases.map(([name, value]): SignatureVector => {
      return { ...honest, name: `${side} ${name}`, [side]: value, alias: true, independent: 'accepted' }
    }),
  ]
}

/** A key of small order has no part in 8·h·A, so S·B = R8 holds for every message. circomlibjs lets it. */
function keysOfSmallOrder(honest: SignatureVector): SignatureVector[] {
  const small = [IDENTITY, ...TORSION]
  const s = 5n
  const r8 = affine(Point.BASE.multiply(s))
  return small.flatMap((key, i): SignatureVector[] => [
    { ...honest, name: `key of small order ${i}, R8 = S·B`, key, r8, s, independent: 'accepted' },
    ...small.map((smallR8, j): SignatureVector => {
      const vector = {
        ...honest,
        name: `key of small order ${i}, R8 of small order ${j}, S = 0`,
        key,
        r8: smallR8,
        s: 0n,
      }
      // 0 = R8 + 0 holds for the identity alone.
      return j === 0 ? { ...vector, independent: 'accepted' } : vector
    }),
  ])
}

/**
 * Off the curve the addition formulas make the points (0, y) a multiplicative group. With a y whose order divides 8h
 * the equation holds for R8 = S·B; a small order needs few trials of S until it divides the challenge.
 */
function keysBesideTheCurve(honest: SignatureVector): SignatureVector[] {
  return [3n, 9n, 13n, 16n, 29n, 32n].map((order) => {
    const key: Coordinates = [0n, elementOfOrder(order)]
    for (let s = 1n; ; s++) {
      const r8 = affine(Point.BASE.multiply(s))
      if ((8n * challenge(r8, key, honest.message)) % order !== 0n) continue
      return { ...honest, name: `key (0, y) off the curve, y of order ${order}`, key, r8, s }
    }
  })
}

/** The signer adds a point of small order to R8 and signs with it: valid only where both sides are multiplied by 8. */
function cofactored(honest: SignatureVector, draw: Draw): SignatureVector[] {
  const secret = 1n + draw(L - 1n)
  const key = affine(Point.BASE.multiply(secret))
  const nonce = 1n + draw(L - 1n)
  return TORSION.flatMap((small, index) => {
    const sign = (name: string, r8: JubjubPoint, scalar: bigint): SignatureVector => {
      const s = (scalar + 8n * challenge(r8, key, honest.message) * secret) % L
      return { ...honest, name: `signed over R8 ${name} small order ${index + 1}`, key, r8, s }
    }
    return [sign('plus', affine(Point.BASE.multiply(nonce).add(onCurve(small))), nonce), sign('of', small, 0n)]
  })
}

function keysWithTorsion(honest: SignatureVector, draw: Draw): SignatureVector[] {
  const secret = 1n + draw(L - 1n)
  const nonce = 1n + draw(L - 1n)
  const r8 = affine(Point.BASE.multiply(nonce))
  return TORSION.map((small, index) => {
    const key = affine(Point.BASE.multiply(secret).add(onCurve(small)))
    const s = (nonce + 8n * challenge(r8, key, honest.message) * secret) % L
    return { ...honest, name: `signed by a key plus small order ${index + 1}`, key, r8, s, independent: 'accepted' }
  })
}

function challenge(r8: Coordinates, key: Coordinates, message: bigint): bigint {
  return poseidon5([...r8, ...key, message])
}

function elementOfOrder(order: bigint): bigint {
  const { Fp } = Point
  for (let base = 2n; ; base++) {
    const element = Fp.pow(base, (FIELD_ORDER - 1n) / order)
    const proper = [2n, 3n, 13n, 29n].every(
      (prime) => order % prime !== 0n || Fp.pow(element, order / prime) !== Fp.ONE,
    )
    if (proper) return element
  }
}

function onCurve([x, y]: Coordinates): InstanceType<typeof Point> {
  return Point.fromAffine({ x: toField(x), y: toField(y) })
}

/** Different ones, in the order drawn. */
function someBits(draw: Draw, { count, below }: { count: number; below: bigint }): bigint[] {
  const bits = new Set<bigint>()
  while (bits.size < count) bits.add(draw(below))
  return [...bits]
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
