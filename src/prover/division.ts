import { G1_BYTES, type ZkeySections } from '../proving-key/zkey-format.ts'
import { isInfinity, wordsOf } from './point-words.ts'

/** The part of a proving key that one worker multiplies. */
export type Division = {
  /** Its wires, ascending. Their points of A, B and C are the worker's. */
  wires: Uint32Array<ArrayBuffer>
  /** Its points of H: those from `from` up to, not including, `to`. */
  quotient: { from: number; to: number }
}

/**
 * What work costs, in units of one G1 point: the quotient's, which the lead alone computes, is for each point of the
 * domain and each of the log₂ domain layers of one FFT. Measured in proofs of present-v1, see README.md; they need to
 * be near the truth only.
 */
export const COST = { g1: 1, g2: 2.6, quotient: 0.025 } as const

/**
 * Divides a key over `workers` workers, the lead first, so that all should end at the same time: the lead's points
 * cost less than the others' by what the quotient costs. Wires of each kind (in A, in B, in C, or not) are dealt out
 * one by one, each to the worker that is furthest behind its target; so every worker gets the same mixture of bits and
 * of full scalars, whose multiplications differ in cost by far more than those of points do.
 */
export function divide(key: ZkeySections, workers: number): Division[] {
  const kinds = wireKinds(key)
  const points = kinds.reduce((sum, kind) => sum + costOf(kind), key.domain * COST.g1)
  const shares = sharesOf(points, { workers, quotient: key.domain * key.domainLog * COST.quotient })
  const owners = dealOut(kinds, shares)
  let [before, from] = [0, 0]
  return shares.map((share, worker) => {
    before += share
    const to = worker === workers - 1 ? key.domain : Math.round(key.domain * before)
    const quotient = { from, to }
    from = to
    return { wires: wiresOf(owners, worker), quotient }
  })
}

/** A wire's kind is the sum of those sections that have a point for it. */
const IN = { a: 1, b: 2, c: 4 } as const
const KINDS = 8

function wireKinds({ wires, publicCount, ...key }: ZkeySections): Uint8Array {
  const [a, b1, c] = [wordsOf(key.a), wordsOf(key.b1), wordsOf(key.c)]
  const kinds = new Uint8Array(wires)
  for (let wire = 0; wire < wires; wire++) {
    const secret = wire - publicCount - 1
    const inA = isInfinity(a, G1_WORDS * wire, G1_WORDS) ? 0 : IN.a
    // Where B has no point in G1 it has none in G2.
    const inB = isInfinity(b1, G1_WORDS * wire, G1_WORDS) ? 0 : IN.b
    const inC = secret < 0 || isInfinity(c, G1_WORDS * secret, G1_WORDS) ? 0 : IN.c
    kinds[wire] = inA + inB + inC
  }
  return kinds
}

const G1_WORDS = G1_BYTES / 4

function costOf(kind: number): number {
  const inB = kind & IN.b ? COST.g1 + COST.g2 : 0
  return (kind & IN.a ? COST.g1 : 0) + inB + (kind & IN.c ? COST.g1 : 0)
}

/** Each worker's part of all points; none for a lead whose quotient costs more than an even part of the whole. */
function sharesOf(points: number, { workers, quotient }: { workers: number; quotient: number }): number[] {
  if (workers === 1) return [1]
  const lead = Math.max(0, ((points + quotient) / workers - quotient) / points)
  return [lead, ...Array<number>(workers - 1).fill((1 - lead) / (workers - 1))]
}

function dealOut(kinds: Uint8Array, shares: readonly number[]): Uint8Array {
  const owners = new Uint8Array(kinds.length)
  const given = new Uint32Array(KINDS * shares.length)
  for (let wire = 0; wire < kinds.length; wire++) {
    const ofKind = (kinds[wire] ?? 0) * shares.length
    let owner = shares.length - 1
    let least = Number.POSITIVE_INFINITY
    for (let worker = 0; worker < shares.length; worker++) {
      const after = ((given[ofKind + worker] ?? 0) + 1) / (shares[worker] ?? 0)
      if (after >= least) continue
      least = after
      owner = worker
    }
    owners[wire] = owner
    given[ofKind + owner] = (given[ofKind + owner] ?? 0) + 1
  }
  return owners
}

function wiresOf(owners: Uint8Array, worker: number): Uint32Array<ArrayBuffer> {
  let count = 0
  for (const owner of owners) if (owner === worker) count++
  const wires = new Uint32Array(count)
  let at = 0
  for (let wire = 0; wire < owners.length; wire++) if (owners[wire] === worker) wires[at++] = wire
  return wires
}
