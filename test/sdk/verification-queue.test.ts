import { expect, it } from 'vitest'
import { createArrivals } from '../../sdk/server/arrivals.ts'
import { createVerificationQueue } from '../../sdk/server/verification-queue.ts'
import { codeOfAsync } from '../expect-code.ts'

it('runs long work one at a time, in order', async () => {
  const queue = createVerificationQueue({ limit: 3 })
  const log: string[] = []
  const opened: (() => void)[] = []
  const running = ['a', 'b', 'c'].map((name) =>
    queue.inTurn(async () => {
      log.push(`${name} begins`)
      await new Promise<void>((resolve) => opened.push(resolve))
      log.push(`${name} ends`)
      return name
    }),
  )
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    opened[i]?.()
  }
  expect(await Promise.all(running)).toEqual(['a', 'b', 'c'])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

it('goes on after work that throws', async () => {
  const queue = createVerificationQueue({ limit: 1 })
  await expect(queue.inTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await queue.inTurn(async () => 'next')).toBe('next')
  await expect(queue.enter('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await queue.enter('a', async () => 'next')).toBe('next')
})

it('has so many places, and says when to come again where all are taken', async () => {
  const queue = createVerificationQueue({ limit: 2 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const running = ['a', 'b'].map((session) => queue.enter(session, () => promise))
  expect(queue.load()).toEqual({ free: false, waiting: 2 })
  await expect(queue.enter('c', async () => {})).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 1 })
  resolve()
  await Promise.all(running)
  expect(queue.load()).toEqual({ free: true, waiting: 0 })
  await queue.enter('c', async () => {})
})

it('has one place for a session, until its work has ended', async () => {
  const queue = createVerificationQueue({ limit: 3 })
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = queue.enter('a', () => promise)
  expect(await codeOfAsync(queue.enter('a', async () => 'second'))).toBe('busy')
  expect(await queue.enter('b', async () => 'other')).toBe('other')
  resolve('first')
  expect(await first).toBe('first')
  expect(await queue.enter('a', async () => 'third')).toBe('third')
})

it('counts bodies before they are read', async () => {
  const arrivals = createArrivals({ limit: 1 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = arrivals.hold(() => promise)
  let isRead = false
  const second = arrivals.hold(async () => {
    isRead = true
  })
  await expect(second).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 1 })
  expect(isRead).toBe(false)
  resolve()
  await first
  await expect(arrivals.hold(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await arrivals.hold(async () => {})
})
