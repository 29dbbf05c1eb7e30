import { bn254 } from '@noble/curves/bn254.js'
import { fromBase64url, toBase64url } from '../../src/protocol/bytes.ts'
import { decodeProof, encodeProof } from '../../src/protocol/proof.ts'
import type { WirePresentation } from './site/deployment.ts'

const { G1, G2 } = bn254

/**
 * Presentations with the same values under other proofs that hold as well, which anyone can make who has seen the first:
 * (s·A, s⁻¹·B, C), here for s = 2, 4, 8 … so that each takes two doublings.
 */
export function rerandomise(presentation: WirePresentation, count: number): WirePresentation[] {
  const proofs = presentation.answers.map(({ proof }) => otherProofs(proof, count))
  return Array.from({ length: count }, (_, index) => ({
    ...presentation,
    answers: presentation.answers.map((answer, place) => ({ ...answer, proof: proofs[place]?.[index] ?? '' })),
  }))
}

function otherProofs(text: string, count: number): string[] {
  const { a, b, c } = decodeProof(fromBase64url(text))
  const [[x0, x1], [y0, y1]] = b
  const firstB = G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } })
  const { Fr } = bn254.fields
  // From the last backwards: B/2 is no doubling, but B/2^n once and then doublings are.
  const bs = doublings(firstB.multiply(Fr.inv(Fr.pow(2n, BigInt(count)))), count).reverse()
  const as = doublings(G1.Point.fromAffine({ x: a[0], y: a[1] }).double(), count)
  return as.map((pointA, index) => {
    const { x, y } = pointA.toAffine()
    const { x: u, y: v } = (bs[index] ?? firstB).toAffine()
    return toBase64url(
      encodeProof({
        a: [x, y],
        b: [
          [u.c0, u.c1],
          [v.c0, v.c1],
        ],
        c,
      }),
    )
  })
}

/** The point, and each time its double. */
function doublings<P extends { double(): P }>(first: P, count: number): P[] {
  const points = [first]
  while (points.length < count) points.push((points.at(-1) ?? first).double())
  return points
}
