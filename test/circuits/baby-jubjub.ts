import { createRequire } from 'node:module'
import { edwards } from '@noble/curves/abstract/edwards.js'
import { FIELD_ORDER, toField } from '../../src/protocol/field.ts'
import { type IssuerSignature, JUBJUB_SUBGROUP_ORDER, type JubjubPoint } from '../../src/protocol/issuer-signature.ts'

// The package's ES module does not load in Node; its CommonJS build does.
const eddsa: typeof import('@zk-kit/eddsa-poseidon') = createRequire(import.meta.url)('@zk-kit/eddsa-poseidon/blake-1')

/** Baby Jubjub as circomlib has it (ERC-2494). */
export const Point = edwards({
  p: FIELD_ORDER,
  n: JUBJUB_SUBGROUP_ORDER,
  h: 8n,
  a: 168700n,
  d: 168696n,
  Gx: 5299619240641551281634865583518297030282874472190772894086521144482721001553n,
  Gy: 16950150798460657717958625567821834550301663161624707787222815936182638968203n,
})

/** The public key of a 32-byte private key whose bytes are all `seed`. */
export function testPublicKey(seed: number): JubjubPoint {
  const known = publicKeys.get(seed)
  if (known) return known
  const [x, y] = eddsa.derivePublicKey(Buffer.alloc(32, seed))
  const key: JubjubPoint = [toField(x), toField(y)]
  publicKeys.set(seed, key)
  return key
}

const publicKeys = new Map<number, JubjubPoint>()

/** Signs with the private key of {@link testPublicKey}. */
export function testSign(seed: number, message: bigint): IssuerSignature {
  const { R8, S } = eddsa.signMessage(Buffer.alloc(32, seed), message)
  return { r8: [toField(R8[0]), toField(R8[1])], s: S }
}

/** The eight points whose order divides 8, the identity first. */
export function smallOrderPoints(): JubjubPoint[] {
  const generator = pointOfOrderEight()
  const points: JubjubPoint[] = []
  let point = Point.ZERO
  for (let i = 0; i < 8; i++) {
    points.push(affine(point))
    point = point.add(generator)
  }
  return points
}

export function affine(point: InstanceType<typeof Point>): JubjubPoint {
  const { x, y } = point.toAffine()
  return [toField(x), toField(y)]
}

/** l times a point of the whole curve has an order that divides 8; half of all points give one of exactly 8. */
function pointOfOrderEight(): InstanceType<typeof Point> {
  const { Fp } = Point
  for (let x = 2n; ; x++) {
    const square = Fp.mul(x, x)
    const ySquare = Fp.div(Fp.sub(1n, Fp.mul(168700n, square)), Fp.sub(1n, Fp.mul(168696n, square)))
    let y: bigint
    try {
      y = Fp.sqrt(ySquare)
    } catch {
      continue
    }
    const torsion = timesSubgroupOrder(Point.fromAffine({ x, y }))
    if (!torsion.double().double().is0()) return torsion
  }
}

/** Double and add: the library's own multiplication takes scalars below l only. */
function timesSubgroupOrder(point: InstanceType<typeof Point>): InstanceType<typeof Point> {
  let sum = Point.ZERO
  for (const bit of JUBJUB_SUBGROUP_ORDER.toString(2)) {
    sum = sum.double()
    if (bit === '1') sum = sum.add(point)
  }
  return sum
}
