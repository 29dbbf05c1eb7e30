import type { Engine } from '../engine/load.ts'
import { addPoints, multiplyPoint } from '../engine/msm.ts'
import { inverse, Q } from '../engine/parameters.ts'
import type { Proof } from '../protocol/proof.ts'
import type { ZkeySections } from '../proving-key/zkey-format.ts'
import type { WireSums } from './shard.ts'

/** The single points of a proving key that blind a proof. */
export type BlindingPoints = Pick<ZkeySections, 'alpha1' | 'beta1' | 'beta2' | 'delta1' | 'delta2'>

/** A worker's part of the sums, the sum of C and H among them. */
export type ShardSums = WireSums & { c: Uint8Array<ArrayBuffer> }

/** r and s, 32 bytes little-endian each, from drawScalar; the caller overwrites them. */
export type Blinding = { r: Uint8Array; s: Uint8Array }

/**
 * A proof from the shards' sums (Groth, "On the Size of Pairing-Based Non-interactive Arguments", 2016, §3.2):
 *
 *     A = α + Σ wᵢAᵢ + r·δ                in G1
 *     B = β + Σ wᵢBᵢ + s·δ                in G2
 *     C = Σ wᵢCᵢ + Σ hⱼHⱼ + s·A + r·B₁ − rs·δ    in G1, where B₁ is B in G1
 *
 * With B₁ = B′ + s·δ the last two terms are r·B′: neither B₁ nor the product rs is ever computed.
 */
export function assemble(engine: Engine, key: BlindingPoints, sums: readonly ShardSums[], { r, s }: Blinding): Proof {
  const g1 = (...points: Uint8Array[]): Uint8Array => points.reduce((a, b) => addPoints(engine, 'g1', a, b))
  const g2 = (...points: Uint8Array[]): Uint8Array => points.reduce((a, b) => addPoints(engine, 'g2', a, b))
  const a = g1(key.alpha1, multiplyPoint(engine, 'g1', key.delta1, r), ...sums.map((sum) => sum.a))
  const b = g2(key.beta2, multiplyPoint(engine, 'g2', key.delta2, s), ...sums.map((sum) => sum.b2))
  const unblindedB = g1(key.beta1, ...sums.map((sum) => sum.b1))
  const blinding = g1(multiplyPoint(engine, 'g1', a, s), multiplyPoint(engine, 'g1', unblindedB, r))
  const c = g1(blinding, ...sums.map((sum) => sum.c))
  return {
    a: [coordinate(a, 0), coordinate(a, 1)],
    b: [
      [coordinate(b, 0), coordinate(b, 1)],
      [coordinate(b, 2), coordinate(b, 3)],
    ],
    c: [coordinate(c, 0), coordinate(c, 1)],
  }
}

const FROM_MONTGOMERY = inverse(2n ** 256n, Q)

/** The coordinate at an index of a point as keys write it, x·2^256 mod q in 32 bytes little-endian. */
function coordinate(point: Uint8Array, index: number): bigint {
  let value = 0n
  for (let byte = 31; byte >= 0; byte--) value = (value << 8n) | BigInt(point[32 * index + byte] ?? 0)
  return (value * FROM_MONTGOMERY) % Q
}
