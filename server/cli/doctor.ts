import type { NamedFinding } from '../doctor/finding.ts'
import type { AddCommand } from './main.ts'

/** `touchstone doctor`: what is wrong around the service, and what to do about it. Exit code 1 where anything fails. */
export const doctorCommand: AddCommand = (program, { write, environment }, end) => {
  program
    .command('doctor')
    .description('look for what is wrong: configuration, keys, clocks, database, TLS, headers, issuers')
    .option('--json', 'one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const { examine } = await import('../doctor/examine.ts')
      const findings = await examine(environment)
      const count = (result: NamedFinding['result']) => findings.filter((finding) => finding.result === result).length
      const counts = { ok: count('ok'), warn: count('warn'), fail: count('fail') }
      if (json) write(`${JSON.stringify({ ...counts, findings })}\n`)
      else write(`${linesOf(findings)}\n${counts.ok} ok, ${counts.warn} to know of, ${counts.fail} wrong\n`)
      if (counts.fail > 0) end(1)
    })
}

const WORDS = { ok: 'ok', warn: 'warn', fail: 'FAIL' } as const

/** A line for each finding, and one below it for what to do. */
function linesOf(findings: readonly NamedFinding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 8)
  return findings
    .map(({ name, result, found, advice }) => {
      const line = `${WORDS[result].padEnd(4)}  ${name.padEnd(width)}  ${found}\n`
      return advice === '' ? line : `${line}${indent}→ ${advice}\n`
    })
    .join('')
}
