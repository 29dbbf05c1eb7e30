import { expect, test } from 'vitest'
import { parseRoute } from '../../src/ui/router.ts'

test.for([
  ['/', '', { name: 'home' }],
  ['/activity', '', { name: 'activity' }],
  ['/card/a_B-9', '', { name: 'card', id: 'a_B-9' }],
  ['/card/a/b', '', { name: 'unknown' }],
  ['/card/', '', { name: 'unknown' }],
  ['/constructor', '', { name: 'unknown' }],
  [
    '/receive',
    'issuer=https%3A%2F%2Fid.example&offer=7',
    { name: 'receive', link: { issuer: 'https://id.example', offer: '7' }, arrival: 3 },
  ],
  ['/receive', 'issuer=https%3A%2F%2Fid.example', { name: 'receive', link: undefined, arrival: 3 }],
  [
    '/present',
    'from=https%3A%2F%2Fforum.example',
    { name: 'present', link: { from: 'https://forum.example' }, arrival: 3 },
  ],
  ['/present', 'request=a.b.c', { name: 'present', link: { request: 'a.b.c' }, arrival: 3 }],
  ['/present', '', { name: 'present', link: undefined, arrival: 3 }],
] as const)('%s with the fragment "%s"', ([path, fragment, route]) => {
  expect(parseRoute(path, fragment, 3)).toEqual(route)
})
