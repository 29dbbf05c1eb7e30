import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import en from '../../src/ui/messages/en.json' with { type: 'json' }

const UI = resolve(import.meta.dirname, '../../src/ui')

/** String and template literals, with what is put into a template standing for one word of letters. */
const LITERAL = /'([\w.]+)'|"([\w.]+)"|`((?:[\w.]|\$\{[^}`]+\})+)`/g

/** Patterns of all keys that the sources may name. */
function named(): RegExp[] {
  const literals = sources().flatMap((source) =>
    [...source.matchAll(LITERAL)].map(([, single, double, template]) => single ?? double ?? template ?? ''),
  )
  return [...new Set(literals)].map((literal) => {
    const words = literal.split(/\$\{[^}]+\}/).map((part) => part.replaceAll('.', '\\.'))
    return new RegExp(`^${words.join('[A-Za-z_]+')}$`)
  })
}

function sources(): string[] {
  return readdirSync(UI, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

/** Dotted keys of all texts; the forms of a plural are one key. */
function keysOf(messages: object, before = ''): string[] {
  return Object.entries(messages).flatMap(([name, value]) => {
    const key = before + name
    return typeof value === 'string' ? [key.replace(/_(one|other)$/, '')] : keysOf(value, `${key}.`)
  })
}

function unused(keys: readonly string[]): string[] {
  const patterns = named()
  return keys.filter((key) => !patterns.some((pattern) => pattern.test(key)))
}

test('every text is shown somewhere', () => {
  const keys = keysOf(en)
  expect(keys.length).toBeGreaterThan(300)
  expect(unused(keys)).toEqual([])
})

test('the scan tells texts that nothing shows', () => {
  expect(unused(['titles.nowhere', 'question.younger', 'card.facts'])).toEqual([
    'titles.nowhere',
    'question.younger',
    'card.facts',
  ])
})
