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
 * domain and each of the log₂ domain layers of one FFT. Measured, see README.md; they need to be near the truth only.
 */
export const COST = { g1: 1, g2: 2.6, quotient: 0.04 } as const

/**
 * Divides a key over `workers` workers, the lead first, so that all should end at the same time: the lead's points
 * cost less than the others' by what the quotient costs. Wires are dealt out one by one, each to the worker that is
 * furthest behind its target; so every worker gets the same mixture of bits and of full scalars, whose
 * multiplications differ in cost by far more than those of points do.
 */
export function divide(key: ZkeySections, workers: number): Division[] {
  const costs = wireCosts(key)
  const all = costs.reduce((sum, cost) => sum + cost, key.domain * COST.g1)
  const targets = targetsOf(all, { workers, lead: key.domain * key.domainLog * COST.quotient })
  const owners = dealOut(costs, targets)
  let [before, from] = [0, 0]
  return targets.map((target, worker) => {
    before += target
    const to = worker === workers - 1 ? key.domain : Math.round((key.domain * before) / all)
    const quotient = { from, to }
    from = to
    return { wires: wiresOf(owners, worker), quotient }
  })
}

function wireCosts({ wires, publicCount, ...key }: ZkeySections): Float64Array {
  const [a, b1, c] = [wordsOf(key.a), wordsOf(key.b1), wordsOf(key.c)]
  const costs = new Float64Array(wires)
  for (let wire = 0; wire < wires; wire++) {
    const secret = wire - publicCount - 1
    const inA = isInfinity(a, G1_WORDS * wire, G1_WORDS) ? 0 : COST.g1
    // Where B has no point in G1 it has none in G2.
    const inB = isInfinity(b1, G1_WORDS * wire, G1_WORDS) ? 0 : COST.g1 + COST.g2
    const inC = secret < 0 || isInfinity(c, G1_WORDS * secret, G1_WORDS) ? 0 : COST.g1
    costs[wire] = inA + inB + inC
  }
  return costs
}

const G1_WORDS = G1_BYTES / 4

/** What each worker's points should cost; nothing for a lead whose quotient costs more than an even part of the whole. */
function targetsOf(points: number, { workers, lead }: { workers: number; lead: number }): number[] {
  if (workers === 1) return [points]
  const ofLead = Math.max(0, (points + lead) / workers - lead)
  return [ofLead, ...Array<number>(workers - 1).fill((points - ofLead) / (workers - 1))]
}

function dealOut(costs: Float64Array, targets: readonly number[]): Uint8Array {
  const owners = new Uint8Array(costs.length)
  const given = new Float64Array(targets.length)
  for (let wire = 0; wire < costs.length; wire++) {
    let owner = targets.length - 1
    let least = Number.POSITIVE_INFINITY
    for (let worker = 0; worker < targets.length; worker++) {
      const after = ((given[worker] ?? 0) + (costs[wire] ?? 0)) / (targets[worker] || Number.MIN_VALUE)
      if (after >= least) continue
      least = after
      owner = worker
    }
    owners[wire] = owner
    given[owner] = (given[owner] ?? 0) + (costs[wire] ?? 0)
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
