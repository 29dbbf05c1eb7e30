import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { findRoute } from '../../sdk/server/routes.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const readme = readFileSync(join(ROOT, 'sdk/README.md'), 'utf8')

/** What the snippets take for granted. */
const SURROUNDINGS = `
import { readFile } from 'node:fs/promises'
import fastify from 'fastify'
const app = fastify()
`

function snippets(): string[] {
  const found = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
  // As the package calls them, and as the files are called here.
  return found.map((code) =>
    code.replace(/'@touchstone\/sdk(?:\/([a-z]+))?'/g, (_, name = 'server') => `'./${name}.ts'`),
  )
}

/** Errors of the project's own compiler settings for a file that would lie beside `server.ts` and `page.ts`. */
function typeErrors(source: string): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT)
  const path = join(ROOT, 'sdk/snippets-of-the-readme.ts')
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (file) => file === path || fileExists(file)
  host.getSourceFile = (file, ...rest) =>
    file === path ? ts.createSourceFile(path, source, ts.ScriptTarget.ES2024) : getSourceFile(file, ...rest)
  const program = ts.createProgram([path], options, host)
  // Of this file alone: `npm run check` has all the others.
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(path))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

/** Two runs of the compiler, on a machine that may have other work. */
const COMPILE_LIMIT_MS = 90_000

it('the code of the README compiles under the strict settings of this project', { timeout: COMPILE_LIMIT_MS }, () => {
  const source = [SURROUNDINGS, ...snippets(), 'export { over18 }'].join('\n')
  expect(snippets()).toHaveLength(4)
  expect(typeErrors(source)).toEqual([])
  // The same with the guard left out.
  expect(typeErrors(source.replace(/^ *if \(!login\).*$/m, '')).join()).toMatch(/'login' is possibly 'undefined'/)
})

it('the README names each route as the SDK answers it, and all of them', () => {
  const section = readme.split('## Routes')[1]?.split('\n## ')[0] ?? ''
  const rows = [...section.matchAll(/^\| `(GET|POST) (\S+)` \| (.+?) \|/gm)]
  const found = rows.map(([, method, path = '', who]) => {
    const route = findRoute(path.replace('<id>', 'A'.repeat(22)))?.route
    return { path, isRight: route?.method === method && (route?.caller !== 'wallet' || who === 'the wallet') }
  })
  expect(found.filter(({ isRight }) => !isRight)).toEqual([])
  expect(found).toHaveLength(11)
})
