import { interleavedMSMUnsafe } from '@noble/curves/abstract/curve.js'
import { bn254 } from '@noble/curves/bn254.js'
import { decodeProof, encodeProof, type Proof } from '../../src/protocol/proof.ts'
import type { ProofStatus } from '../../src/verifier/verify-proof.ts'

const { G1, G2 } = bn254
const { Fp12, Fr } = bn254.fields

export type G1Point = typeof G1.Point.BASE
export type G2Point = typeof G2.Point.BASE

/** What everybody sees of a verification key, in noble's own points. */
export type KeyPoints = { alpha: G1Point; beta: G2Point; gamma: G2Point; delta: G2Point; inputs: G1Point[] }

/** The independent verifier: the same equation and the same strictness, on `@noble/curves` alone. */
export type NobleVerifier = {
  /** IC₀ + Σ xᵢ·ICᵢ */
  readonly sumInputs: (signals: readonly bigint[]) => G1Point
  readonly verify: (signals: readonly bigint[], proof: Uint8Array) => ProofStatus
}

/** The points must be sound: what is tested with it is the proof, not the key. */
export function createNobleVerifier({ alpha, beta, gamma, delta, inputs }: KeyPoints): NobleVerifier {
  const sum = interleavedMSMUnsafe(G1.Point, inputs, 5)
  const sumInputs = (signals: readonly bigint[]): G1Point => sum([1n, ...signals])
  const alphaBeta = bn254.pairingBatch([{ g1: alpha, g2: beta }], false)
  const [gammaLines, deltaLines] = [gamma, delta].map((point) => bn254.utils.calcPairingPrecomputes(point))
  if (!gammaLines || !deltaLines) throw new Error('two points have two sets of lines')

  const holds = (signals: readonly bigint[], { a, b, c }: ProofPoints): boolean => {
    const [negA, pointC, input] = [a.negate().toAffine(), c.toAffine(), sumInputs(signals)]
    const pairs: Parameters<typeof bn254.millerLoopBatch>[0] = [
      [bn254.utils.calcPairingPrecomputes(b), negA.x, negA.y],
      [deltaLines, pointC.x, pointC.y],
    ]
    // A pairing with infinity is one: the term drops out of the product.
    if (!input.is0()) pairs.push([gammaLines, input.toAffine().x, input.toAffine().y])
    const product = Fp12.mul(bn254.millerLoopBatch(pairs), alphaBeta)
    return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)
  }

  const verify = (signals: readonly bigint[], proof: Uint8Array): ProofStatus => {
    const points = readPoints(proof)
    if (!points) return 'PROOF_MALFORMED'
    const areReduced = signals.every((signal) => signal >= 0n && signal < Fr.ORDER)
    if (signals.length !== inputs.length - 1 || !areReduced) return 'SIGNALS_INVALID'
    return holds(signals, points) ? 'VALID' : 'PROOF_INVALID'
  }
  return { sumInputs, verify }
}

export type ProofPoints = { a: G1Point; b: G2Point; c: G1Point }

/** Undefined where the bytes are no proof. */
export function readPoints(bytes: Uint8Array): ProofPoints | undefined {
  const proof = proofOrUndefined(bytes)
  if (!proof) return undefined
  const [[x0, x1], [y0, y1]] = proof.b
  const b = G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } })
  if (!b.isTorsionFree()) return undefined
  const [a, c] = [proof.a, proof.c].map(([x, y]) => G1.Point.fromAffine({ x, y }))
  return a && c && { a, b, c }
}

function proofOrUndefined(bytes: Uint8Array): Proof | undefined {
  try {
    return decodeProof(bytes)
  } catch {
    return undefined
  }
}

/** The 128 bytes of a proof. */
export function encodePoints({ a, b, c }: ProofPoints): Uint8Array<ArrayBuffer> {
  const [pa, pb, pc] = [a.toAffine(), b.toAffine(), c.toAffine()]
  return encodeProof({
    a: [pa.x, pa.y],
    b: [
      [pb.x.c0, pb.x.c1],
      [pb.y.c0, pb.y.c1],
    ],
    c: [pc.x, pc.y],
  })
}

export function readKeyPoints({ vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }: KeyJson): KeyPoints {
  return {
    alpha: g1(vk_alpha_1),
    beta: g2(vk_beta_2),
    gamma: g2(vk_gamma_2),
    delta: g2(vk_delta_2),
    inputs: IC.map(g1),
  }
}

/** The points of a key in the JSON shape of snarkjs. */
export type KeyJson = {
  readonly vk_alpha_1: readonly string[]
  readonly vk_beta_2: readonly (readonly string[])[]
  readonly vk_gamma_2: readonly (readonly string[])[]
  readonly vk_delta_2: readonly (readonly string[])[]
  readonly IC: readonly (readonly string[])[]
}

function g1([x = '', y = '']: readonly string[]): G1Point {
  return G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) })
}

function g2([x = [], y = []]: readonly (readonly string[])[]): G2Point {
  const fp2 = ([c0 = '', c1 = '']: readonly string[]) => ({ c0: BigInt(c0), c1: BigInt(c1) })
  return G2.Point.fromAffine({ x: fp2(x), y: fp2(y) })
}
