/**
 * Loaded before any command, by `node --import`: plain JavaScript that any Node can read, so that an old one gets one
 * line instead of a syntax error. Then it sees to it that the engine is compiled, for modules import it by name and an
 * install without scripts has left it out.
 */
import { isMainThread } from 'node:worker_threads'

const WANTED = 24

if (Number(process.versions.node.split('.')[0]) < WANTED) {
  process.stderr.write(
    `Touchstone runs on Node ${WANTED}, this is ${process.versions.node}. ` +
      'Run "npm ci" (without --ignore-scripts) and start it through npm, which then uses the Node it installed.\n',
  )
  process.exit(1)
}

// A command's threads inherit its --import, and find the engine compiled.
if (isMainThread) {
  const { ensureEngine } = await import('../src/engine/build/build.ts')
  await ensureEngine()
}
