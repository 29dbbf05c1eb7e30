import { expect, it } from 'vitest'
import { serverError } from '../../sdk/server/error-codes.ts'
import { createTellRarely } from '../../sdk/server/tell-rarely.ts'

it('passes on one of each code in a minute', () => {
  const told: unknown[] = []
  let time = 1_000_000
  const tell = createTellRarely({ onError: (error) => told.push(error), now: () => time })
  const [first, second, other] = [
    serverError('store_unavailable'),
    serverError('store_unavailable'),
    serverError('internal_error'),
  ]
  for (const error of [first, second, other, other]) tell(error)
  expect(told).toEqual([first, other])
  time += 59_999
  tell(second)
  expect(told).toHaveLength(2)
  time += 1
  tell(second)
  expect(told).toEqual([first, other, second])
})
