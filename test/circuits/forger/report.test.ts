import { expect, test } from 'vitest'
import { reportOf } from './report.ts'
import type { Finished } from './run.ts'
import type { ForgeResult } from './task.ts'

const SURVEY = {
  wires: 11,
  constraints: 9,
  witnesses: 2,
  mutants: 100,
  survivors: [],
  undetermined: [],
  unexplained: [] as string[],
}

const survey = (change: Partial<typeof SURVEY> = {}) =>
  done('survey', { part: 'survey', survey: { ...SURVEY, ...change } })
const attacks = (part: 'forgeries' | 'eddsa' | 'setup', tried: number, failures: string[] = []) =>
  done(part, { part, attacks: { tried, rejected: tried - failures.length, failures } })
const planted = (caught: number, missed: string[] = [], failures: string[] = []): Finished => ({
  part: 'planted',
  result: {
    part: 'planted',
    planted: { planted: caught + missed.length, caught, missed, failures, bugs: [], templates: 1 },
  },
  seconds: 1,
})

function done(part: Finished['part'], result: ForgeResult): Finished {
  return { part, circuit: 'toy', result, seconds: 1 }
}

const missed = (...finished: Finished[]) =>
  reportOf(finished)
    .bars.filter(({ ok }) => !ok)
    .map(({ name }) => name)

test('every part that went well meets its bar', () => {
  const { bars, problems } = reportOf([
    planted(20),
    attacks('eddsa', 150),
    attacks('setup', 3),
    attacks('forgeries', 200),
    survey(),
  ])
  expect(bars.every(({ ok }) => ok)).toBe(true)
  expect(bars.map(({ name }) => name)).toEqual([
    'toy wire mutants tried',
    'toy forged witnesses rejected',
    'toy EdDSA negatives rejected',
    'toy setup forgeries rejected',
    'toy unexplained survivors',
    'planted bugs caught',
  ])
  expect(problems).toEqual([])
})

test('too few, or one that was not refused, miss the bar', () => {
  expect(missed(survey({ mutants: 99 }))).toEqual(['toy wire mutants tried'])
  expect(missed(survey({ unexplained: ['x'] }))).toEqual(['toy unexplained survivors'])
  expect(missed(attacks('forgeries', 199))).toEqual(['toy forged witnesses rejected'])
  expect(missed(attacks('forgeries', 300, ['x']))).toEqual([
    'toy forged witnesses rejected',
    'toy unexplained survivors',
  ])
  expect(missed(attacks('eddsa', 149))).toEqual(['toy EdDSA negatives rejected'])
  expect(missed(attacks('eddsa', 160, ['x']))).toEqual(['toy EdDSA negatives rejected'])
  expect(missed(attacks('setup', 0))).toEqual(['toy setup forgeries rejected'])
  expect(missed(planted(17, ['x', 'y', 'z']))).toEqual(['planted bugs caught'])
  expect(missed(planted(20, [], ['x']))).toEqual(['planted bugs caught'])
})

test('a part that could not be done misses its bar and says why', () => {
  const failed = { part: 'failed', reason: 'out of memory' } as const
  const { bars, problems } = reportOf([done('survey', failed), done('setup', failed)])
  expect(bars.filter(({ ok }) => ok)).toEqual([])
  expect(problems).toEqual(['toy survey: out of memory', 'toy setup: out of memory'])
})
