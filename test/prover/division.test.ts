import { describe, expect, test } from 'vitest'
import { COST, type Division, divide } from '../../src/prover/division.ts'
import { smallKey } from './small-key.ts'

const KEY = smallKey({
  wires: 3000,
  publicCount: 9,
  domainLog: 11,
  // Runs of wires that B does not have, and some that nothing has.
  infinite: (section, index) =>
    section === 'h' ? false : section.startsWith('b') ? index % 500 < 250 : index % 100 === 99,
})

function pointsCost(division: Division): number {
  const { wires, quotient } = division
  const inB = wires.filter((wire) => wire % 500 >= 250).length
  const inA = wires.filter((wire) => wire % 100 !== 99).length
  const inC = wires.filter((wire) => wire > KEY.publicCount && (wire - KEY.publicCount - 1) % 100 !== 99).length
  return inA + inC + inB * (COST.g1 + COST.g2) + (quotient.to - quotient.from)
}

describe('divide', () => {
  test.each([1, 2, 3, 4, 7])('gives every wire and every point of H to one of %d workers', (workers) => {
    const divisions = divide(KEY, workers)
    expect(divisions).toHaveLength(workers)
    const wires = divisions.flatMap((division) => [...division.wires])
    expect(wires.toSorted((a, b) => a - b)).toEqual(Array.from({ length: KEY.wires }, (_, wire) => wire))
    for (const { wires } of divisions) expect(wires).toEqual(wires.toSorted())
    const ends = divisions.map(({ quotient }) => quotient)
    expect(ends[0]?.from).toBe(0)
    expect(ends.at(-1)?.to).toBe(KEY.domain)
    for (let worker = 1; worker < workers; worker++) expect(ends[worker]?.from).toBe(ends[worker - 1]?.to)
  })

  test.each([2, 3, 4])('lets %d workers end together, the lead with its quotient', (workers) => {
    const [lead = 0, ...helpers] = divide(KEY, workers).map(pointsCost)
    const whole = lead + KEY.domain * KEY.domainLog * COST.quotient
    for (const helper of helpers) expect(Math.abs(helper - whole) / whole).toBeLessThan(0.01)
    expect(lead).toBeGreaterThan(0)
  })

  test('gives every worker of each stretch of wires alike', () => {
    for (const { wires } of divide(KEY, 3)) {
      const early = wires.filter((wire) => wire < 1500).length
      expect(Math.abs(early - wires.length / 2)).toBeLessThan(0.02 * wires.length)
    }
  })

  test('a lead whose quotient is more than its share has no points', () => {
    const key = smallKey({ wires: 12, domainLog: 4 })
    const [lead] = divide({ ...key, domainLog: 1000 }, 4)
    expect(lead).toEqual({ wires: new Uint32Array(), quotient: { from: 0, to: 0 } })
  })

  test('has workers with nothing to do where there are more of them than wires', () => {
    const divisions = divide(smallKey({ wires: 4, publicCount: 1, domainLog: 1 }), 7)
    expect(divisions.flatMap(({ wires }) => [...wires]).toSorted()).toEqual([0, 1, 2, 3])
  })
})
