import { expect, it } from 'vitest'
import { BROWSER_COOKIE, readBrowserCookie, readVisitCookie, VISIT_COOKIE } from '../../sdk/server/cookie.ts'

const OWN = 'o'.repeat(43)
const PLANTED = 'p'.repeat(43)

const COOKIES = [
  [BROWSER_COOKIE, readBrowserCookie],
  [VISIT_COOKIE, readVisitCookie],
] as const

it.each(COOKIES)('%s is read between spaces and tabs', (name, read) => {
  expect(read(`a=b;\t ${name}=${OWN} \t; c=d`)).toBe(OWN)
})

it.each(
  COOKIES.flatMap(([name, read]) =>
    ['\u00a0', '\ufeff', '\u2000', '\u2028', '\v', '\f'].map(
      (space) => [name, space.codePointAt(0), read, space] as const,
    ),
  ),
)('%s is not read behind the character %i, which is part of another cookie’s name', (name, _, read, space) => {
  expect(read(`${space}${name}=${PLANTED}`)).toBeUndefined()
  expect(read(`${name}=${OWN}; ${space}${name}=${PLANTED}`)).toBe(OWN)
  expect(read(`${name}=${OWN}${space}`)).toBeUndefined()
})
