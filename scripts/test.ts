/**
 * `npm test`: everything, in the order in which a failure is cheapest. Checks (types, lint, arrows), then the five kinds of
 * tests with the forger and the attacks among them, one after another because the later ones time out on a busy machine.
 * Prints one closing line with the counts.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium, NoChromiumError } from './chromium.ts'

const PROJECTS = ['unit', 'circuits', 'server', 'browser', 'e2e']

type Counts = { numPassedTests: number; numFailedTests: number; numPendingTests: number }

const total = { passed: 0, failed: 0, skipped: 0 }
const reports = mkdtempSync(join(tmpdir(), 'touchstone-test-'))
const started = performance.now()
let broken = false

try {
  process.env.CHROMIUM_PATH = ensureChromium((line) => process.stderr.write(`${line}\n`))
  broken = (await run('check', ['npm', 'run', '--silent', 'check'])) !== 0
  for (const project of PROJECTS) {
    const report = join(reports, `${project}.json`)
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await run(project, ['npm', 'exec', '--', 'vitest', 'run', '--project', project, ...reporters])
    const counts = readCounts(report)
    total.passed += counts.numPassedTests
    total.failed += counts.numFailedTests
    total.skipped += counts.numPendingTests
    broken ||= code !== 0 || counts.numPassedTests === 0
    if (project === 'circuits') broken = (await run('forge', ['npm', 'run', '--silent', 'forge'])) !== 0 || broken
    if (project === 'server') broken = (await run('attacks', ['npm', 'run', '--silent', 'attacks'])) !== 0 || broken
  }
} catch (error) {
  if (!(error instanceof NoChromiumError)) throw error
  process.stderr.write(`${error.message}\n`)
  broken = true
} finally {
  rmSync(reports, { recursive: true, force: true })
}

process.stdout.write(`\n${Math.round((performance.now() - started) / 1000)} s\n`)
process.stdout.write(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
)
process.exitCode = broken || total.failed > 0 || total.skipped > 0 ? 1 : 0

async function run(name: string, [command = '', ...args]: string[]): Promise<number> {
  process.stdout.write(`\n== ${name}\n`)
  const from = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)))
  process.stdout.write(
    `== ${name}: ${code === 0 ? 'ok' : 'failed'}, ${Math.round((performance.now() - from) / 1000)} s\n`,
  )
  return code
}

/** A run that crashed leaves no report: that counts as one failure. */
function readCounts(report: string): Counts {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Counts
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 }
  }
}
