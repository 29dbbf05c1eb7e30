import type { CircuitId } from '../../../src/protocol/signals.ts'
import type { ForgeTarget } from './target.ts'

/** The target of one of the project's circuits: what `targets/<id>.ts` exports as `target`. Throws if there is none. */
export async function loadTarget(id: CircuitId): Promise<ForgeTarget> {
  // The compiler sees the type of `any` here; that every file exports a target is what each declares of itself.
  const { target } = (await import(`./targets/${id}.ts`)) as { target: ForgeTarget }
  return target
}
