import type { TouchstoneError } from '../touchstone-error.ts'
import { GERMAN } from './words/de.ts'
import { ENGLISH } from './words/en.ts'

/** Words by message key: of the button (`touchstone.button.…`), and of errors (`messageKey`). */
export type Words = Readonly<Record<string, string>>

const CATALOGUES = new Map<string, Words>([
  ['en', ENGLISH],
  ['de', GERMAN],
])
const listeners = new Set<() => void>()

/**
 * Gives a language words of the page's own, in place of those there are or of a language that had none. Whatever is
 * left out is as it was; a language without a word says it in English. `language` is a BCP 47 tag: `fr`, `de-AT`.
 */
export function setWords(language: string, words: Words): void {
  const key = language.toLowerCase()
  CATALOGUES.set(key, { ...CATALOGUES.get(key), ...words })
  for (const listener of listeners) listener()
}

/** Calls the listener at every {@link setWords}; the function given back ends that. */
export function onWordsChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The word of that key, in the language, its wider one (`de` for `de-AT`) or English. */
export function word(key: string, language: string): string | undefined {
  const wanted = language.toLowerCase()
  for (const tag of [wanted, wanted.split('-')[0] ?? '', 'en']) {
    const words = CATALOGUES.get(tag)
    if (words && Object.hasOwn(words, key)) return words[key]
  }
  return undefined
}

/** What to tell a person about an error. A code without words of its own is named in a general sentence. */
export function describeError(error: TouchstoneError, language: string = pageLanguage()): string {
  const { code, messageKey } = error
  return word(messageKey, language) ?? (word('touchstone.unknown', language) ?? '{code}').replace('{code}', code)
}

function pageLanguage(): string {
  return document.documentElement.lang || navigator.language
}
