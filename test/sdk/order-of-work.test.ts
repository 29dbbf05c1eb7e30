import { describe, expect, it } from 'vitest'
import { createArrivals } from '../../sdk/server/arrivals.ts'
import { fromWebRequest } from '../../sdk/server/asked.ts'
import type { Deployment } from '../../sdk/server/deployment.ts'
import { serverError } from '../../sdk/server/error-codes.ts'
import { answerRequest } from '../../sdk/server/routes.ts'
import { TouchstoneError } from '../../sdk/touchstone-error.ts'

const ID = 'A'.repeat(22)
const SITE = 'https://wine.example'
const WALLET = 'https://wallet.example'

/** A deployment of which there is no more than what may be asked of it; anything else breaks. */
function makeDeployment(findSession: () => Promise<unknown> = async () => undefined) {
  const told: unknown[] = []
  const asked: string[] = []
  const arrivals = { site: createArrivals({ limit: 1 }), wallet: createArrivals({ limit: 1 }) }
  const store = {
    findSession: () => {
      asked.push('findSession')
      return findSession()
    },
  }
  const config = { origin: SITE, walletOrigin: WALLET, onError: (error: unknown) => told.push(error) }
  const parts = { config, store, arrivals, emit: () => {}, tellRarely: (error: unknown) => told.push(error) }
  // The rest of a deployment must not be looked at.
  return { deployment: parts as unknown as Deployment, told, asked }
}

/** A post whose body never ends, and whether any of it was read. */
function post(path: string, origin = WALLET) {
  const seen = { isRead: false }
  const pull = () => {
    seen.isRead = true
    return new Promise<void>(() => {})
  }
  const body = new ReadableStream({ pull }, { highWaterMark: 0 })
  // What Node wants for a body that is a stream, and the platform's types do not have.
  const init = { method: 'POST', headers: { origin, 'content-type': 'application/json' }, body, duplex: 'half' }
  return { request: fromWebRequest(new Request(`${SITE}/touchstone/${path}`, init)), seen }
}

async function errorOf(answer: Promise<Response | undefined>): Promise<string> {
  const body: { error: string } = await (await answer)?.json()
  return body.error
}

describe('what comes for a session that is not there', () => {
  it.each(['presentation', 'state', 'decline'])('costs one look, and none of its body is read: %s', async (action) => {
    const { deployment, asked } = makeDeployment()
    const { request, seen } = post(`sessions/${ID}/${action}`)
    expect(await errorOf(answerRequest(deployment, request))).toBe('session_unknown')
    expect({ asked, ...seen }).toEqual({ asked: ['findSession'], isRead: false })
  })
})

it('wallets that send slowly keep no page out, and pages no wallet', async () => {
  const { deployment } = makeDeployment(async () => ({}))
  const isWaiting = (answer: Promise<unknown>) => Promise.race([answer, new Promise((r) => setTimeout(r, 20, 'waits'))])
  const wallet = () => answerRequest(deployment, post(`sessions/${ID}/presentation`).request)
  const page = () => answerRequest(deployment, post('sessions', SITE).request)
  expect(await isWaiting(wallet())).toBe('waits')
  expect(await errorOf(wallet())).toBe('busy')
  expect(await isWaiting(page())).toBe('waits')
  expect(await errorOf(page())).toBe('busy')
})

it('a database that is gone is told with its cause; what is only busy is not', async () => {
  const gone = serverError('store_unavailable', undefined, { cause: new Error('no route to host') })
  for (const [error, expected] of [
    [gone, [gone]],
    [new TouchstoneError('busy', 'come again'), []],
  ] as const) {
    const { deployment, told } = makeDeployment(() => Promise.reject(error))
    expect(await errorOf(answerRequest(deployment, post(`sessions/${ID}/decline`).request))).toBe(error.code)
    expect(told).toEqual(expected)
  }
})
