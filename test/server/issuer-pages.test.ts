import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OFFER_LIFE } from '../../server/issuer/page-routes.ts'
import { dayOf, formatDay, toDay } from '../../src/protocol/day.ts'
import { orderOffer } from './holder.ts'
import { form, send } from './http-client.ts'
import { type IssuerHost, NOON, PERSON, startIssuer } from './issuer-host.ts'

let host: IssuerHost

beforeAll(async () => {
  host = await startIssuer()
})
beforeEach(() => {
  host.now = NOON
})
afterAll(async () => {
  await host.close()
  expect(host.failures).toEqual([])
})

describe('pages', () => {
  it('send the headers, errors too', async () => {
    const id = await orderOffer(host.origin, PERSON)
    for (const path of ['/', `/offered/${id}`, '/nothing-here', '/assets/style.css', `/offers/${id}`]) {
      const { headers } = await send(`${host.origin}${path}`, { headers: { accept: 'text/html' } })
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin-allow-popups',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['permissions-policy']).toContain('publickey-credentials-get=()')
    }
  })

  it('shows a form that is accepted as it comes, for another person each time', async () => {
    const numbers = new Set<string>()
    for (const _ of [1, 2]) {
      const page = (await send(`${host.origin}/`)).body
      expect(page).toContain('it checks nothing')
      const fields = Object.fromEntries(
        [...page.matchAll(/<input id="(\w+)" name="\w+" type="\w+" value="([^"]*)"/g)].map(([, name, value]) => [
          name,
          value,
        ]),
      )
      const chosen = [...page.matchAll(/<select id="(\w+)"[\s\S]*?<option value="(\w+)" selected>/g)]
      const filled = { ...fields, ...Object.fromEntries(chosen.map(([, name, value]) => [name, value])) }
      numbers.add(filled.documentNumber ?? '')
      expect((await send(`${host.origin}/offers`, form(filled, host.origin))).status).toBe(303)
    }
    expect(numbers.size).toBe(2)
  })

  it('gives the link for the wallet, with origin and offer in the fragment', async () => {
    const id = await orderOffer(host.origin, PERSON)
    const page = (await send(`${host.origin}/offered/${id}`)).body
    const fragment = new URLSearchParams({ issuer: host.origin, offer: id }).toString().replace('&', '&amp;')
    expect(page).toContain(`href="${host.walletOrigin}/receive#${fragment}"`)
    expect(page).toContain('12:10 UTC')
    host.now = new Date(NOON.getTime() + OFFER_LIFE * 1000)
    const late = await send(`${host.origin}/offered/${id}`, { headers: { accept: 'text/html' } })
    expect(late.status).toBe(410)
    expect(late.body).toContain('The offer has expired')
  })

  it('says beside each field what is wrong, and keeps what was typed, escaped', async () => {
    const tomorrow = formatDay(toDay(dayOf(NOON) + 1))
    const yesterday = formatDay(toDay(dayOf(NOON) - 1))
    const cases: [Partial<Record<keyof typeof PERSON, string>>, string, string][] = [
      [{ givenName: ' ' }, 'givenName', 'Enter the given name.'],
      [{ birthDate: '2007-02-29' }, 'birthDate', 'There is no such day in the calendar.'],
      [{ birthDate: tomorrow }, 'birthDate', 'This date is in the future.'],
      [{ birthDate: '29.2.2008' }, 'birthDate', 'Enter a date as year-month-day'],
      [{ birthDate: '1899-12-31' }, 'birthDate', 'Enter a date in 1900 or later.'],
      [{ nationality: 'XX' }, 'nationality', 'Choose a country from the list.'],
      [{ familyName: 'é'.repeat(129) }, 'familyName', 'This is too long.'],
      [{ validUntil: yesterday }, 'validUntil', 'This date is past.'],
    ]
    for (const [change, field, message] of cases) {
      const answer = await send(`${host.origin}/offers`, form({ ...PERSON, ...change }, host.origin))
      expect(answer.status).toBe(422)
      expect(answer.body).toMatch(new RegExp(`id="${field}-problem">${message.replace(/[.]/g, '\\.')}`))
      expect(answer.body).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
      expect(answer.body.match(/aria-invalid/g)).toHaveLength(1)
    }
    const markup = await send(
      `${host.origin}/offers`,
      form({ ...PERSON, givenName: '"><i>', birthDate: '' }, host.origin),
    )
    expect(markup.body).toContain('value="&quot;&gt;&lt;i&gt;"')
    expect(markup.body).not.toContain('"><i>')
    const today = { ...PERSON, birthDate: formatDay(dayOf(NOON)), validUntil: formatDay(dayOf(NOON)) }
    expect((await send(`${host.origin}/offers`, form(today, host.origin))).status).toBe(303)
  })

  it('takes forms from its own page only', async () => {
    for (const origin of ['http://forum.localhost:4402', 'null']) {
      const answer = await send(`${host.origin}/offers`, form(PERSON, origin))
      expect(answer.status).toBe(403)
      expect(answer.json()).toMatchObject({ error: 'origin_forbidden' })
    }
  })
})
