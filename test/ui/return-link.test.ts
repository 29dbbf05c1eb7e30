import { expect, test } from 'vitest'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { returnAddress } from '../../src/ui/transport/return-link.ts'

const FORUM = parseOrigin('https://forum.example')

test('the answer goes into the fragment, in place of any other', () => {
  expect(returnAddress('https://forum.example/back?x=1#old', FORUM, 'declined')).toBe(
    'https://forum.example/back?x=1#touchstone=declined',
  )
})

test.for([
  'https://evil.example/back',
  'http://forum.example/back',
  'https://forum.example:8443/',
  'javascript:alert(1)',
])('never to %s', (returnUri) => {
  expect(() => returnAddress(returnUri, FORUM, 'c')).toThrow(TypeError)
})
