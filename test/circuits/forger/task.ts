import type { CircuitId } from '../../../src/protocol/signals.ts'
import { type Attacks, tryForgeries } from './forgeries.ts'
import { loadTarget } from './load-target.ts'
import type { PlantedResult } from './planted.ts'
import { surveyWires, type WireSurvey } from './survey.ts'

/** A part of a run that a process can do alone. */
export type ForgeTask =
  | { readonly part: 'survey' | 'forgeries' | 'eddsa' | 'setup'; readonly circuit: CircuitId; readonly seed: number }
  | { readonly part: 'planted'; readonly seed: number }

/** What a task found. `failed` is a task that could not be done. */
export type ForgeResult =
  | { readonly part: 'survey'; readonly survey: WireSurvey }
  | { readonly part: 'forgeries' | 'eddsa' | 'setup'; readonly attacks: Attacks }
  | { readonly part: 'planted'; readonly planted: PlantedResult }
  | { readonly part: 'failed'; readonly reason: string }

export async function runTask(task: ForgeTask): Promise<ForgeResult> {
  try {
    return await run(task)
  } catch (error) {
    return { part: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Modules are loaded by the task that needs them: a process starts quickly, and one that fails takes no other along. */
async function run(task: ForgeTask): Promise<ForgeResult> {
  const { part, seed } = task
  if (part === 'planted') {
    const { tryPlanted } = await import('./planted.ts')
    return { part, planted: await tryPlanted({ seed }) }
  }
  if (part === 'setup') {
    const { trySetupForgeries } = await import('./setup-forgeries.ts')
    return { part, attacks: await trySetupForgeries(task.circuit) }
  }
  const target = await loadTarget(task.circuit)
  if (part === 'survey') return { part, survey: await surveyWires(target, { seed }) }
  const circuit = await target.load()
  if (part === 'forgeries') return { part, attacks: await tryForgeries(circuit, target.forgeries(circuit, seed)) }
  const { tryEddsaNegatives } = await import('./eddsa-negatives.ts')
  return { part, attacks: await tryEddsaNegatives(circuit, { seed }) }
}
