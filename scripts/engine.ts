/**
 * Compiles the engine where its sources have changed: `npm run build:engine`. Runs after an install, too, and before
 * whatever needs the engine.
 */
import { ensureEngine } from '../src/engine/build/build.ts'

const started = performance.now()
const { made } = await ensureEngine()
const seconds = ((performance.now() - started) / 1000).toFixed(1)
process.stdout.write(made ? `The engine is compiled, in ${seconds} s.\n` : 'The engine is up to date.\n')
