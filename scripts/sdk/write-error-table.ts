/** Writes the table of every error code into sdk/README.md: `npm run errors`, after a code was added or its advice changed. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorTable } from '../../sdk/server/error-table.ts'
import { PROJECT_ROOT } from '../circuits/compile.ts'

/** Between these lines the README is written by nobody but {@link withErrorTable}. */
const BEGIN = '<!-- errors: written by npm run errors -->\n'
const END = '<!-- /errors -->'

/** The README with the table as the source has it. Throws where its place is not marked. */
export function withErrorTable(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin === -1 || end < begin) throw new Error('sdk/README.md does not say where its table of errors lies')
  return `${readme.slice(0, begin)}${BEGIN}\n${errorTable()}\n${readme.slice(end)}`
}

if (import.meta.main) {
  const path = join(PROJECT_ROOT, 'sdk/README.md')
  await writeFile(path, withErrorTable(await readFile(path, 'utf8')))
}
