import { expect, it } from 'vitest'
import { createVerificationQueue } from '../../sdk/server/verification-queue.ts'
import { codeOfAsync } from '../expect-code.ts'

it('runs one check at a time, in order, and turns away what would wait too long', async () => {
  const queue = createVerificationQueue({ limit: 3 })
  const log: string[] = []
  const opened: (() => void)[] = []
  const check = (name: string) =>
    queue.run(name, async () => {
      log.push(`${name} begins`)
      await new Promise<void>((resolve) => opened.push(resolve))
      log.push(`${name} ends`)
      return name
    })
  const running = [check('a'), check('b'), check('c')]
  expect(await codeOfAsync(check('d'))).toBe('busy')
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    opened[i]?.()
  }
  expect(await Promise.all(running)).toEqual(['a', 'b', 'c'])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

it('goes on after a check that throws', async () => {
  const queue = createVerificationQueue({ limit: 1 })
  await expect(queue.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await queue.run('a', async () => 'next')).toBe('next')
})

it('has one place for a session, until its check has ended', async () => {
  const queue = createVerificationQueue({ limit: 3 })
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = queue.run('a', () => promise)
  expect(await codeOfAsync(queue.run('a', async () => 'second'))).toBe('busy')
  const other = queue.run('b', async () => 'other')
  resolve('first')
  expect(await Promise.all([first, other])).toEqual(['first', 'other'])
  expect(await queue.run('a', async () => 'third')).toBe('third')
})

it('lets the next one begin while one is finished out of turn, and keeps its place until then', async () => {
  const queue = createVerificationQueue({ limit: 2 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = queue.runThen(
    'a',
    async () => 'checked',
    async (checked) => {
      await promise
      return `${checked}, finished`
    },
  )
  expect(await queue.run('b', async () => 'b')).toBe('b')
  expect(await codeOfAsync(queue.run('a', async () => 'second'))).toBe('busy')
  resolve()
  expect(await first).toBe('checked, finished')
  expect(await queue.run('a', async () => 'third')).toBe('third')
})
