import { EngineError } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'
import type { PairingKey } from './pairing-key.ts'
import {
  GT_BYTES,
  GT_MEMORY_BYTES,
  isOneInGt,
  lineBytes,
  millerProduct,
  type Pair,
  pairingArguments,
  unitLines,
} from './pairing-lines.ts'
import { AFFINE_BYTES, readG1, readTwist, SUM_BYTES, TWIST_BYTES } from './pairing-points.ts'
import type { ProofPoints } from './proof-points.ts'

export { type KeyPoints, PairingKey } from './pairing-key.ts'
export { PROOF_BYTES, ProofPoints, readProof, readProofs } from './proof-points.ts'

/** Bytes of a signal, little-endian, and of a batch's weight. */
const SIGNAL_BYTES = 32
export const WEIGHT_BYTES = 16

/** The scalar 1, which IC₀ has. */
const ONE = Uint8Array.from({ length: SIGNAL_BYTES }, (_, index) => (index === 0 ? 1 : 0))

/**
 * Groth16 (Groth 2016, §3.2) as e(−A, B)·e(α, β)·e(IC₀ + Σ sᵢ·ICᵢ, γ)·e(C, δ) = 1. `signals` are 32 bytes little-
 * endian each, which the caller has found to be below r. False where there are more or fewer than the key wants. Throws
 * a TypeError for a key of another engine, and so does {@link verifyBatch}.
 */
export function verifyOne(engine: Engine, key: PairingKey, signals: Uint8Array, proof: ProofPoints): boolean {
  key.requireEngine(engine)
  if (signals.length !== key.signalCount * SIGNAL_BYTES) return false
  return engine.scoped(() => {
    const { a, c, lines } = proof.put(engine)
    const sums = engine.allocate(3 * SUM_BYTES)
    const scalars = engine.allocate(ONE.length + signals.length)
    engine.view(scalars, ONE.length).set(ONE)
    engine.view(scalars + ONE.length, signals.length).set(signals)
    engine.call('pairingFromAffine', sums, a)
    engine.call('pairingNegate', sums)
    engine.call('pairingFromAffine', sums + SUM_BYTES, c)
    key.sumInputs(sums + 2 * SUM_BYTES, scalars)
    const argument = pairingArguments(engine, sums, 3)
    const product = engine.allocate(GT_MEMORY_BYTES)
    millerProduct(engine, product, [
      { lines, form: proof.form, argument },
      { lines: key.deltaLines, form: 'unit', argument: argument + AFFINE_BYTES },
      { lines: key.gammaLines, form: 'unit', argument: argument + 2 * AFFINE_BYTES },
    ])
    engine.call('pairingMultiply', product, key.alphaBeta)
    return isOneInGt(engine, product)
  })
}

/** One proof of a batch: the key it is meant for, its signals as {@link verifyOne} takes them, its points. */
export type BatchItem = { readonly key: PairingKey; readonly signals: Uint8Array; readonly proof: ProofPoints }

/**
 * Whether all proofs hold, by one equation: the product of theirs, each raised to a weight (Bellare, Garay and Rabin,
 * "Fast Batch Verification for Modular Exponentiation and Digital Signatures", 1998, §3). `weights` are 16 bytes a
 * proof, uniformly random and made after the proofs; where a proof does not hold, chance alone, 2^-128, makes the
 * result true. False for signals of another number, and for a weight of zero, which would ask nothing of its proof.
 * Throws {@link EngineError} `weights_length` unless there are as many weights as proofs.
 */
export function verifyBatch(engine: Engine, items: readonly BatchItem[], weights: Uint8Array): boolean {
  if (weights.length !== items.length * WEIGHT_BYTES) {
    throw new EngineError('weights_length', `${items.length} proofs take ${WEIGHT_BYTES} bytes of weight each`)
  }
  if (items.some(({ key, signals }) => signals.length !== key.signalCount * SIGNAL_BYTES)) return false
  const weighted = items.map((item, index) => ({
    ...item,
    weight: weights.subarray(WEIGHT_BYTES * index, WEIGHT_BYTES * (index + 1)),
  }))
  if (weighted.some(({ weight }) => weight.every((byte) => byte === 0))) return false
  return engine.scoped(() => {
    const factors = [...Map.groupBy(weighted, ({ key }) => key)].flatMap(([key, group]) =>
      keyFactors(engine, key, group),
    )
    return productIsOne(engine, factors)
  })
}

type WeightedItem = BatchItem & { readonly weight: Uint8Array }

/** A pair whose point of G1 is still a sum. */
type Factor = Omit<Pair, 'argument'> & { readonly sum: Pointer }

/** e(−wᵢAᵢ, Bᵢ) for every proof under one key, and e(Σ wᵢ·α, β), e(Σ wᵢ·inputsᵢ, γ), e(Σ wᵢCᵢ, δ). */
function keyFactors(engine: Engine, key: PairingKey, items: readonly WeightedItem[]): Factor[] {
  key.requireEngine(engine)
  const count = items.length
  const weights = engine.allocate(count * WEIGHT_BYTES)
  const work = engine.allocate(count * engine.call('pairingWeightWork'))
  const pointsC = engine.allocate(count * AFFINE_BYTES)
  const factors: Factor[] = items.map(({ proof, weight }, index) => {
    const { a, c, lines } = proof.put(engine)
    engine.view(weights + index * WEIGHT_BYTES, WEIGHT_BYTES).set(weight)
    engine.view(pointsC + index * AFFINE_BYTES, AFFINE_BYTES).set(engine.take(c, AFFINE_BYTES))
    const sum = engine.allocate(SUM_BYTES)
    engine.call('weightedSum', sum, a, weights + index * WEIGHT_BYTES, 1, work)
    engine.call('pairingNegate', sum)
    return { lines, form: proof.form, sum }
  })
  const sumAlpha = engine.allocate(SUM_BYTES)
  const sumInputs = engine.allocate(SUM_BYTES)
  const sumC = engine.allocate(SUM_BYTES)
  engine.call('weightedSum', sumC, pointsC, weights, count, work)
  const scalars = weighSignals(engine, key, items, weights)
  key.sumInputs(sumInputs, scalars)
  key.multiplyAlpha(sumAlpha, scalars + (key.signalCount + 1) * SIGNAL_BYTES)
  return [
    ...factors,
    { lines: key.betaLines, form: 'unit', sum: sumAlpha },
    { lines: key.gammaLines, form: 'unit', sum: sumInputs },
    { lines: key.deltaLines, form: 'unit', sum: sumC },
  ]
}

/** Σ wᵢ, then Σ wᵢ·sᵢⱼ for every signal, then Σ wᵢ once more. */
function weighSignals(engine: Engine, key: PairingKey, items: readonly WeightedItem[], weights: Pointer): Pointer {
  const width = key.signalCount
  const signals = engine.allocate(items.length * width * SIGNAL_BYTES)
  for (const [index, item] of items.entries()) {
    engine.view(signals + index * width * SIGNAL_BYTES, width * SIGNAL_BYTES).set(item.signals)
  }
  const scalars = engine.allocate((width + 2) * SIGNAL_BYTES)
  engine.call('weighSignals', scalars, signals, weights, items.length, width, engine.allocate(36 * (width + 2)))
  return scalars
}

function productIsOne(engine: Engine, factors: readonly Factor[]): boolean {
  const product = engine.allocate(GT_MEMORY_BYTES)
  pairFactors(engine, product, factors)
  return isOneInGt(engine, product)
}

function pairFactors(engine: Engine, product: Pointer, factors: readonly Factor[]): void {
  const sums = engine.allocate(factors.length * SUM_BYTES)
  for (const [index, { sum }] of factors.entries()) {
    engine.view(sums + index * SUM_BYTES, SUM_BYTES).set(engine.take(sum, SUM_BYTES))
  }
  const argument = pairingArguments(engine, sums, factors.length)
  millerProduct(
    engine,
    product,
    factors.map(({ lines, form }, index) => ({ lines, form, argument: argument + index * AFFINE_BYTES })),
  )
}

/** A point of G1 and one of G2, 64 and 128 bytes, as a key has them; all zeros for infinity. */
type PointPair = { readonly g1: Uint8Array; readonly g2: Uint8Array }

/**
 * ∏ e(Pᵢ, Qᵢ) as an element of GT: 384 bytes, twelve coefficients over Fq, 32 bytes little-endian, canonical, those of
 * 1, v, v², w, vw, v²w, of each c0 before c1. The exponent is that of Fuentes-Castañeda et al. (2011), 2u(6u² + 3u +
 * 1)(q¹² − 1)/r. Throws {@link EngineError} as {@link PairingKey.create} does, but for infinity, whose pairing is one.
 */
export function pairingProduct(engine: Engine, pairs: readonly PointPair[]): Uint8Array<ArrayBuffer> {
  return engine.scoped(() => {
    const factors = pairs.flatMap((pair) => readPair(engine, pair))
    const product = engine.allocate(GT_MEMORY_BYTES)
    pairFactors(engine, product, factors)
    engine.call('pairingFinish', product, product)
    const bytes = engine.allocate(GT_BYTES)
    engine.call('pairingToBytes', bytes, product)
    return engine.take(bytes, GT_BYTES)
  })
}

/** No factor where one of the two is infinity; the other is checked all the same. */
function readPair(engine: Engine, { g1, g2 }: PointPair): Factor[] {
  const point = engine.allocate(AFFINE_BYTES)
  const sum = engine.allocate(SUM_BYTES)
  const twist = engine.allocate(TWIST_BYTES)
  const lines = engine.allocate(lineBytes(engine, 'unit'))
  const [infinite1, infinite2] = [g1, g2].map((bytes) => bytes.every((byte) => byte === 0))
  if (!infinite1) {
    readG1(engine, point, g1, 'the point of G1')
    engine.call('pairingFromAffine', sum, point)
  }
  if (!infinite2) {
    readTwist(engine, twist, g2, 'the point of G2')
    const [inGroup] = unitLines(engine, { lines, stride: 0, points: twist, count: 1 })
    if (!inGroup) throw new EngineError('point_outside_group', 'the point is not in G2')
  }
  return infinite1 || infinite2 ? [] : [{ lines, form: 'unit', sum }]
}
