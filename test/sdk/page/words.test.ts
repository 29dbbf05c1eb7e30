import { describe, expect, it } from 'vitest'
import { PAGE_ERROR_CODES } from '../../../sdk/page/error-codes.ts'
import { GERMAN } from '../../../sdk/page/words/de.ts'
import { ENGLISH } from '../../../sdk/page/words/en.ts'
import { describeError, onWordsChange, setWords, word } from '../../../sdk/page/words.ts'
import { SERVER_ERROR_CODES } from '../../../sdk/server/error-codes.ts'
import { TouchstoneError } from '../../../sdk/touchstone-error.ts'
import { PRESENTATION_STATUSES } from '../../../src/verifier/status.ts'

const CODES = [
  ...Object.keys(PAGE_ERROR_CODES),
  ...Object.keys(SERVER_ERROR_CODES),
  ...Object.values(PRESENTATION_STATUSES).map(({ code }) => code),
]
const FAULTLESS = [
  'session_expired',
  'session_cancelled',
  'issuer_unreachable',
  'busy',
  'internal_error',
  'store_unavailable',
  'result_unknown',
  'result_wrong_browser',
  'result_already_read',
]
const BUTTON_WORDS = Object.keys(ENGLISH).filter((key) => key.startsWith('touchstone.button.'))

describe('words for people', () => {
  it('are there for what people meet, and name every other code in the general sentence', () => {
    for (const code of CODES) {
      const [english, german] = ['en', 'de'].map((language) => describeError(new TouchstoneError(code, ''), language))
      const hasOwnWords = !english?.includes(code)
      if (!hasOwnWords) expect([english, german]).toEqual([general('en', code), general('de', code)])
      expect(german).not.toBe(english)
    }
    // What a page's own requests can be answered with, by nobody's fault.
    for (const code of [...Object.keys(PAGE_ERROR_CODES).slice(0, 3), ...FAULTLESS]) {
      expect([code, word(`touchstone.${code}`, 'en')]).toEqual([code, expect.any(String)])
    }
  })

  it('are of codes and of the button, and of nothing that is gone', () => {
    const known = new Set([...CODES.map((code) => `touchstone.${code}`), ...BUTTON_WORDS, 'touchstone.unknown'])
    expect(Object.keys(ENGLISH).filter((key) => !known.has(key))).toEqual([])
    expect(Object.keys(GERMAN)).toEqual(Object.keys(ENGLISH))
  })

  it('are found in a wider language, and in English at last', () => {
    expect(word('touchstone.button.cancel', 'de-AT')).toBe('Abbrechen')
    expect(word('touchstone.button.cancel', 'DE')).toBe('Abbrechen')
    expect(word('touchstone.button.cancel', 'fr')).toBe('Cancel')
    expect(word('touchstone.toString', 'en')).toBeUndefined()
  })

  it('are the page’s own where it says so, and a button hears of it', () => {
    let heard = 0
    const forget = onWordsChange(() => heard++)
    setWords('nl', { 'touchstone.button.cancel': 'Annuleren' })
    forget()
    setWords('nl', { 'touchstone.declined': 'Geen antwoord.' })
    expect(heard).toBe(1)
    expect(word('touchstone.button.cancel', 'nl-BE')).toBe('Annuleren')
    expect(describeError(new TouchstoneError('declined', ''), 'nl')).toBe('Geen antwoord.')
    expect(word('touchstone.button.done', 'nl')).toBe('Done')
  })
})

function general(language: string, code: string): string | undefined {
  return word('touchstone.unknown', language)?.replace('{code}', code)
}
