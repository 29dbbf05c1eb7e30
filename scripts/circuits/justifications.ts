import type { Finding } from './static-analysis.ts'

/**
 * One line for each finding that no comment justifies, for each justification without a finding, and for each that is
 * not of the form; empty when all is well. A justification stands in the comment lines right above the line of the
 * finding, and holds for its rule and that line only:
 *
 *     // circomspect: CS0005: the hint is fixed by the next line
 *
 * An error cannot be justified.
 *
 * @param sources text by the path that findings name
 */
export function unreviewedFindings(findings: readonly Finding[], sources: ReadonlyMap<string, string>): string[] {
  const justifications = [...sources].flatMap(([file, source]) => justificationsOf(file, source))
  const open = findings.filter((finding) => !justifications.some((justification) => covers(justification, finding)))
  const idle = justifications.filter((justification) => !findings.some((finding) => covers(justification, finding)))
  return [
    ...open.map(({ file, line, rule, message }) => `${file}:${line}: ${rule}: ${message}`),
    ...idle.map(({ file, line, rule, target }) =>
      rule === undefined
        ? `${file}:${line}: the form of a justification is // circomspect: <rule>: <reason>`
        : `${file}:${line}: there is no warning ${rule} on line ${target} to justify`,
    ),
  ]
}

type Justification = {
  file: string
  /** Of the comment, from 1. */
  line: number
  /** Undefined when the comment is not of the form. */
  rule: string | undefined
  /** The first line below that is no line comment. */
  target: number
}

function covers(justification: Justification, finding: Finding): boolean {
  return (
    finding.level === 'warning' &&
    justification.rule === finding.rule &&
    justification.file === finding.file &&
    justification.target === finding.line
  )
}

function justificationsOf(file: string, source: string): Justification[] {
  const lines = source.split('\n')
  return lines.flatMap((text, index) => {
    // Any mention, so that a misspelt justification is not taken for a remark.
    if (!/circomspect/i.test(text)) return []
    const rule = /^\s*\/\/ circomspect: ([A-Z]+\d+): \S/.exec(text)?.[1]
    const below = lines.slice(index).findIndex((line) => !/^\s*\/\//.test(line))
    return [{ file, line: index + 1, rule, target: index + below + 1 }]
  })
}
