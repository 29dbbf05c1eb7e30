import { expect, it } from 'vitest'
import { setBounded } from '../../sdk/server/bounded-map.ts'

it('drops what was set longest ago', () => {
  const map = new Map<string, number>()
  for (const key of ['a', 'b', 'a', 'c']) setBounded(map, key, map.size, 2)
  expect([...map.keys()]).toEqual(['a', 'c'])
})
