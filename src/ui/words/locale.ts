/**
 * The locale to write dates and numbers in, for a language that the texts are in. Our English is British, but dates
 * follow the English that the reader's browser asks for.
 */
export function localeOf(language: string): string {
  if (language !== 'en') return language
  return navigator.languages.find((wanted) => wanted.startsWith('en-')) ?? 'en-GB'
}
