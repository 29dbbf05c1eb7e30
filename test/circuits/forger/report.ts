import { atLeast, atMost, type Bar } from '../../../scripts/bar.ts'
import { MUTANTS } from './mutate.ts'
import type { Finished } from './run.ts'
import type { ForgeResult, ForgeTask } from './task.ts'

export type ForgeReport = {
  /** What was found, by circuit and then by part of the run. */
  readonly circuits: Readonly<Record<string, Readonly<Record<string, ForgeResult>>>>
  readonly planted?: ForgeResult
  /** One line for each thing that is not as it should be. */
  readonly problems: readonly string[]
  readonly bars: readonly Bar[]
}

const FORGERIES = 200
const EDDSA_NEGATIVES = 150
const PLANTED = 20
const PLANTED_CAUGHT = 0.9

/** What a run found, and the bars it had to meet. A task that failed meets none of its own. */
export function reportOf(finished: readonly Finished[]): ForgeReport {
  const sorted = finished.toSorted((one, other) => PARTS.indexOf(one.part) - PARTS.indexOf(other.part))
  const byCircuit = Object.entries(Object.groupBy(sorted, ({ circuit = '' }) => circuit))
  const circuits = byCircuit.filter(([name]) => name !== '').map(([name, parts = []]) => ({ name, parts }))
  circuits.sort((one, other) => (one.name < other.name ? -1 : 1))
  const planted = sorted.filter(({ part }) => part === 'planted')
  return {
    circuits: Object.fromEntries(
      circuits.map(({ name, parts }) => [name, Object.fromEntries(parts.map(({ part, result }) => [part, result]))]),
    ),
    ...(planted[0] && { planted: planted[0].result }),
    problems: sorted.flatMap((done) => problemsOf(done.result).map((problem) => `${titleOf(done)}: ${problem}`)),
    bars: [...circuits.flatMap(({ name, parts }) => circuitBars(name, parts)), ...planted.map(plantedBar)],
  }
}

const PARTS: readonly ForgeTask['part'][] = ['survey', 'forgeries', 'eddsa', 'setup', 'planted']

export function titleOf({ part, circuit }: Pick<Finished, 'part' | 'circuit'>): string {
  return circuit === undefined ? 'planted bugs' : `${circuit} ${part}`
}

/** One line for each thing that is not as it should be. */
export function problemsOf(result: ForgeResult): readonly string[] {
  if (result.part === 'failed') return [result.reason]
  // What is missed is published, not a fault; finding other things than are recorded is one.
  if (result.part === 'planted') return result.planted.failures
  return result.part === 'survey' ? result.survey.unexplained : result.attacks.failures
}

function circuitBars(name: string, finished: readonly Finished[]): Bar[] {
  const bars = finished.map(({ part, result }): Bar => {
    if (part === 'survey') {
      const survey = result.part === 'survey' ? result.survey : { mutants: 0, wires: 2, witnesses: 1 }
      const bound = MUTANTS * (survey.wires - 1) * survey.witnesses
      const value = survey.mutants
      return atLeast(bound, { name: `${name} wire mutants tried`, value, unit: 'mutants' })
    }
    const { tried, rejected } = 'attacks' in result ? result.attacks : { tried: 0, rejected: 0 }
    const all = rejected === tried && problemsOf(result).length === 0
    const rejectedBar = (what: string, unit: string, bound: number): Bar =>
      atLeast(bound, { name: `${name} ${what} rejected`, value: rejected, unit }, all)
    if (part === 'forgeries') return rejectedBar('forged witnesses', 'witnesses', FORGERIES)
    if (part === 'eddsa') return rejectedBar('EdDSA negatives', 'signatures', EDDSA_NEGATIVES)
    return rejectedBar('setup forgeries', 'forgeries', Math.max(1, tried))
  })
  const onConstraints = finished.filter(({ part }) => part === 'survey' || part === 'forgeries')
  const value = onConstraints.flatMap(({ result }) => problemsOf(result)).length
  return [...bars, atMost(0, { name: `${name} unexplained survivors`, value, unit: 'faults' })]
}

function plantedBar({ result }: Finished): Bar {
  const { planted, caught } = result.part === 'planted' ? result.planted : { planted: 0, caught: 0 }
  const bound = Math.ceil(PLANTED_CAUGHT * Math.max(PLANTED, planted))
  return atLeast(bound, { name: 'planted bugs caught', value: caught, unit: 'bugs' }, problemsOf(result).length === 0)
}
