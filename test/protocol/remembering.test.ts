import { expect, test } from 'vitest'
import { remembering } from '../../src/protocol/remembering.ts'

function counting(limit: number) {
  const computed: string[] = []
  const remembered = remembering<string>(limit)
  const get = (key: string, result = key) =>
    remembered(key, () => {
      computed.push(key)
      return result
    })
  return { computed, get }
}

test('a result is computed once, one that says no too', () => {
  const { computed, get } = counting(2)
  expect([get('a'), get('a', 'other')]).toEqual(['a', 'a'])
  expect([get('b', ''), get('b', 'other')]).toEqual(['', ''])
  expect(computed).toEqual(['a', 'b'])
})

test('the one that was not asked for longest is forgotten first', () => {
  const { computed, get } = counting(2)
  for (const key of ['a', 'b', 'a', 'c', 'a', 'c', 'b', 'a']) get(key)
  expect(computed).toEqual(['a', 'b', 'c', 'b', 'a'])
})

test('what throws is not kept', () => {
  const remembered = remembering<number>(2)
  const fail = () => {
    throw new Error('not now')
  }
  expect(() => remembered('a', fail)).toThrow('not now')
  expect(remembered('a', () => 7)).toBe(7)
})
