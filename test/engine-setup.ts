import { ensureEngine } from '../src/engine/build/build.ts'

/** A test never runs on an engine of older sources. */
export async function setup(): Promise<void> {
  await ensureEngine()
}
