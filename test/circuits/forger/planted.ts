import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { loadCircuitFile } from '../circuit.ts'
import { type Finding, findPatterns, PARTS, type Part } from './patterns.ts'
import { PLANTED, type Planted } from './planted/catalogue.ts'
import { LIBRARY, type LibraryTemplate } from './planted/library.ts'
import { seeded } from './seeded.ts'

export type PlantedResult = {
  planted: number
  caught: number
  /** Name of each bug that no part of the forger finds, with the reason. */
  missed: string[]
  /** What was found of each planted bug, and by which part. */
  bugs: PlantedBug[]
  /** circomlib's templates that were put before the forger. */
  templates: number
  /** One line where the forger finds more, less or otherwise than the catalogues record; empty when all is well. */
  failures: string[]
}

export type PlantedBug = Pick<Planted, 'name' | 'allows' | 'seen'> & { readonly caughtBy: Part | 'missed' }

/**
 * Puts circuits before the forger of which it is known what it should find: those of planted/catalogue.ts, each with a
 * published bug, and templates of circomlib.
 */
export async function tryPlanted({ seed }: { seed: number }): Promise<PlantedResult> {
  const result: PlantedResult = { planted: 0, caught: 0, missed: [], bugs: [], templates: 0, failures: [] }
  const waiting = [
    ...LIBRARY.map((template) => () => tryTemplate(template, result)),
    ...PLANTED.map((planted) => () => tryBug(planted, { seed, result })),
  ]
  await Promise.all(
    Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next()
    }),
  )
  return result
}

/** What the forger finds in a planted circuit, its bug or not. */
export async function findInPlanted(planted: Planted, seed: number): Promise<Finding[]> {
  const circuit = await loadCircuitFile(join(import.meta.dirname, 'planted', `${planted.name}.circom`))
  const { ranges, determined } = planted
  return findPatterns(circuit, {
    inputs: planted.inputs(seeded(seed, planted.name)),
    ...(ranges && { ranges }),
    ...(determined && { determined }),
  })
}

export async function findInTemplate({ name, inputs }: LibraryTemplate): Promise<Finding[]> {
  const circuit = await loadCircuitFile(join(import.meta.dirname, 'planted/library', `${name}.circom`))
  return findPatterns(circuit, { inputs })
}

async function tryBug(planted: Planted, { seed, result }: { seed: number; result: PlantedResult }): Promise<void> {
  const findings = await findInPlanted(planted, seed)
  const caughtBy = PARTS.find((part) => findings.some((found) => found.part === part && planted.at.test(found.signal)))
  const { name, allows, seen } = planted
  result.planted++
  if (caughtBy) result.caught++
  else result.missed.push(planted.caughtBy === 'missed' ? `${name}: ${planted.because}` : name)
  result.bugs.push({ name, allows, seen, caughtBy: caughtBy ?? 'missed' })
  if ((caughtBy ?? 'missed') !== planted.caughtBy) {
    result.failures.push(`${name}: caught by ${caughtBy ?? 'nothing'}, recorded ${planted.caughtBy}`)
  }
}

async function tryTemplate(template: LibraryTemplate, result: PlantedResult): Promise<void> {
  const findings = await findInTemplate(template)
  result.templates++
  for (const { part, signal, reason } of findings) {
    if (template.known.some((known) => known.signal.test(signal))) continue
    result.failures.push(`circomlib ${template.name}: ${signal} ${reason} (${part}), not recorded`)
  }
  for (const { signal } of template.known) {
    if (findings.some((found) => signal.test(found.signal))) continue
    result.failures.push(`circomlib ${template.name}: nothing found at ${signal}, recorded otherwise`)
  }
}
