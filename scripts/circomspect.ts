/**
 * Runs circomspect, the static analyser, over the project's own circuits; circomlib is read and not reported.
 *
 *     node scripts/circomspect.ts             circuits/main and circuits/templates
 *     node scripts/circomspect.ts <folder>    another folder with `main` and `templates`
 *
 * Exit code 1 when a warning is neither fixed nor justified where it stands, or a justification has nothing to justify;
 * scripts/circuits/justifications.ts has their form.
 */
import { join } from 'node:path'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { unreviewedFindings } from './circuits/justifications.ts'
import { analyseCircuits } from './circuits/static-analysis.ts'

const { findings, sources } = await analyseCircuits(process.argv[2] ?? join(PROJECT_ROOT, 'circuits'))
const problems = unreviewedFindings(findings, sources)
for (const line of problems) process.stderr.write(`${line}\n`)
process.stdout.write(
  problems.length === 0
    ? `circomspect: ${sources.size} files, ${findings.length} findings, all justified\n`
    : `circomspect: ${problems.length} to fix, or to justify by a comment above: // circomspect: <rule>: <reason>\n`,
)
process.exitCode = problems.length === 0 ? 0 : 1
