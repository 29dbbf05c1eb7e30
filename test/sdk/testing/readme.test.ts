import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'touchstone-readme-'))
afterAll(() => rmSync(directory, { recursive: true }))

const ENTRIES = { '@touchstone/sdk/testing': 'sdk/testing.ts', '@touchstone/sdk': 'sdk/server.ts' }

/** The example as a program of its own, on the sources that the package is made of. */
function writeExample(): string {
  const readme = readFileSync(join(ROOT, 'sdk/README.md'), 'utf8')
  let [, example = ''] = /^```ts testing\n(.*?)^```$/ms.exec(readme) ?? []
  for (const [name, path] of Object.entries(ENTRIES)) {
    example = example.replace(`'${name}'`, JSON.stringify(pathToFileURL(join(ROOT, path)).href))
  }
  const file = join(directory, 'example.ts')
  writeFileSync(file, example)
  return file
}

it('the README’s example of a test runs to its end', async () => {
  const { stdout } = await run(process.execPath, [writeExample()], { env: { ...process.env, TMPDIR: directory } })
  expect(stdout).toBe('')
})
