import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { answerButton } from '../../sdk/server/button-script.ts'
import { codeOfAsync } from '../expect-code.ts'

const directory = mkdtempSync(join(tmpdir(), 'touchstone-button-'))
afterAll(() => rmSync(directory, { recursive: true }))

const bundle = pathToFileURL(join(directory, 'button.js'))

function ask(headers: HeadersInit = {}) {
  return answerButton(new Request('https://site.example/touchstone/button.js', { headers }), bundle)
}

it('says that the button is not built, serves it once it is, and again only when it has changed', async () => {
  expect(await codeOfAsync(ask())).toBe('button_missing')
  writeFileSync(bundle, 'export {}')
  const first = await ask()
  expect([first.status, first.headers.get('content-type'), await first.text()]).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'export {}',
  ])
  const known = { 'if-none-match': first.headers.get('etag') ?? '' }
  expect((await ask(known)).status).toBe(304)
  writeFileSync(bundle, 'export {};')
  expect((await ask(known)).status).toBe(200)
})
