import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** What is made or fetched is not the project's; a download has no git to ask. */
const NOT_OURS = ['node_modules', 'build', 'dist', 'data', 'screenshots']

const pages = globSync('**/*.md', {
  cwd: ROOT,
  // An example may have its packages installed in it.
  exclude: (path) => NOT_OURS.includes(path.split('/')[0] ?? '') || path.includes('/node_modules'),
})

/** Relative targets of links and pictures, without their fragment. */
function targets(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  return links.filter((link) => !/^([a-z]+:|#)/.test(link)).map((link) => link.replace(/#.*$/, ''))
}

test('every page of the documentation links to what is there', () => {
  const links = pages.flatMap((page) => targets(page).map((target) => ({ page, target })))
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter(({ page, target }) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([])
})

test('every command that the README names exists', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const named = [...readme.matchAll(/`(?:npm run )?((?:test|bench):[a-z]+)|npm run ([a-z:]+)/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})
