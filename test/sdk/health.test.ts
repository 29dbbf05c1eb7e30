import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createVerifier, login } from '../../sdk/server.ts'
import { createTestWallet } from '../../sdk/testing.ts'

it('is told of the rest where a request cannot say what it asks', async () => {
  const data = await mkdtemp(join(tmpdir(), 'health-'))
  const wallet = await createTestWallet()
  const errors: unknown[] = []
  let isBroken = false
  const verifier = await createVerifier({
    origin: 'http://shop.localhost:3000',
    data,
    requests: {
      signIn: login(),
      broken: () => {
        if (isBroken) throw new Error('no query today')
        return login()
      },
    },
    onError: (error) => errors.push(error),
    ...wallet.options,
  })
  onTestFinished(async () => {
    await verifier.close()
    await rm(data, { recursive: true })
  })
  const before = await verifier.health()
  expect(errors).toEqual([])
  isBroken = true
  // The query of a day is kept for that day.
  wallet.clock.advance(86_400)
  expect(await verifier.health()).toEqual(before)
  expect(errors).toEqual([expect.objectContaining({ message: 'no query today' })])
})
