import { VARIABLES, type VariableNotes } from './environment.ts'

/** Every variable as the table of docs/service.md, in Markdown; a test compares the two. */
export function variablesTable(): string {
  const rows = Object.entries(VARIABLES).map(
    ([name, { expected, about, byDefault, isSecret }]: [string, VariableNotes]) =>
      [`\`${name}\`${isSecret ? ' or `…_FILE`' : ''}`, about, expected, byDefault ?? ''].join(' | '),
  )
  return [
    '| variable | what it says | takes | by default |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}
