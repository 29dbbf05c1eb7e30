import { expect, test } from 'vitest'
import { broadcastToPages, type Notice } from '../../src/wallet/other-pages.ts'

const NAME = 'touchstone-test-of-other-pages'

test('a notice reaches the other pages and not its own; anything else is ignored', async () => {
  const [one, two] = [broadcastToPages(NAME), broadcastToPages(NAME)]
  const stranger = new BroadcastChannel(NAME)
  const heard: [page: string, notice: Notice][] = []
  one.onNotice((notice) => heard.push(['one', notice]))
  two.onNotice((notice) => heard.push(['two', notice]))
  for (const nonsense of ['unlock', 'toString', null, ['lock'], { type: 'lock' }]) stranger.postMessage(nonsense)
  one.tell('lock')
  two.tell('reset')
  two.tell('settings')
  await expect.poll(() => heard.length).toBe(3)
  expect(heard.filter(([page]) => page === 'one')).toEqual([
    ['one', 'reset'],
    ['one', 'settings'],
  ])
  expect(heard.filter(([page]) => page === 'two')).toEqual([['two', 'lock']])
  for (const channel of [one, two, stranger]) channel.close()
})
