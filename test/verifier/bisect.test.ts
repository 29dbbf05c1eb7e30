import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findHolding } from '../../src/verifier/bisect.ts'

/** Judges that know the truth, and count what they are asked. */
function judge(good: readonly boolean[]) {
  const asked = { together: 0, groups: 0, alone: 0 }
  const holding = findHolding(good, {
    together: (group) => {
      asked.together += group.length
      asked.groups++
      return group.every(Boolean)
    },
    alone: (isGood) => {
      asked.alone++
      return isGood
    },
  })
  return { holding, asked }
}

const allGood = (count: number): boolean[] => new Array(count).fill(true)

describe('findHolding', () => {
  it('says of each item what alone would say, within its bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 130 }), (good) => {
        const { holding, asked } = judge(good)
        expect(holding).toEqual(good)
        expect(asked.together).toBeLessThanOrEqual(3 * good.length)
        // In items looked at alone, where one together is half of that.
        expect(asked.together / 2 + asked.alone).toBeLessThanOrEqual(2 * good.length)
        for (const isGood of good) if (!isGood) expect(asked.alone).toBeGreaterThan(0)
      }),
      { seed: 254, numRuns: 500 },
    )
  })

  it('refuses by alone only: a group that fails for no reason costs nobody their verdict', () => {
    const holding = findHolding([1, 2, 3, 4, 5, 6, 7, 8, 9], { together: () => false, alone: () => true })
    expect(holding).toEqual(allGood(9))
  })

  it('asks once where all hold', () => {
    expect(judge(allGood(64)).asked).toEqual({ together: 64, groups: 1, alone: 0 })
  })

  it('asks nobody together about a single item', () => {
    expect(judge([true]).asked).toEqual({ together: 0, groups: 0, alone: 1 })
    expect(judge([]).asked).toEqual({ together: 0, groups: 0, alone: 0 })
  })

  it('finds one bad item among 64, wherever it is, with four looked at alone', () => {
    for (let bad = 0; bad < 64; bad++) {
      const { holding, asked } = judge(allGood(64).with(bad, false))
      expect(holding.indexOf(false)).toBe(bad)
      expect(asked.alone).toBe(4)
      expect(asked.together).toBeLessThanOrEqual(64 + 64 + 32 + 16 + 8)
    }
  })

  it('gives up halving where both halves have a bad one', () => {
    const two = allGood(64).with(0, false).with(63, false)
    for (const good of [new Array(64).fill(false), two]) {
      expect(judge(good).asked).toEqual({ together: 128, groups: 3, alone: 64 })
    }
  })
})
