import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVerifier, type Verifier, type VerifierOptions } from '../../../sdk/server.ts'
import { keySetHash } from '../../../src/protocol/key-set.ts'
import { serializePresentation } from '../../../src/protocol/presentation.ts'
import { makeIssuer } from '../../fixtures/issuer.ts'
import { makePerson } from '../../fixtures/person.ts'
import { makePresentation } from '../../fixtures/presentation.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'
import { openSite, WALLET, writeKeySet } from '../../fixtures/site.ts'

type Simulated = ReturnType<typeof makeSimulatedKeySet>

const simulated = makeSimulatedKeySet()
const hash = keySetHash(simulated.manifest)
const other = makeSimulatedKeySet()

let directory: string
let wallet: Server
let served: Map<string, string | Uint8Array>
let asked: string[]
let errors: unknown[]
let options: VerifierOptions
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-key-sets-'))
  served = new Map()
  asked = []
  errors = []
  wallet = createServer(({ url = '' }, response) => {
    asked.push(url)
    const body = served.get(url)
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  await new Promise<void>((resolve) => wallet.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  const { port } = wallet.address() as AddressInfo
  serve(simulated)
  serveMetadata(hash)
  options = {
    origin: 'http://wine.localhost:4403',
    walletOrigin: `http://wallet.localhost:${port}`,
    data: join(directory, 'data'),
    verification: { workers: 0 },
    requests: { signIn: { type: 'login', id: 'login' } },
    onError: (error) => errors.push(error),
  }
})
afterEach(async () => {
  await new Promise((resolve) => wallet.close(resolve))
  rmSync(directory, { recursive: true })
})

function serve({ manifest, files }: Simulated, name = keySetHash(manifest)) {
  served.set(`/artefacts/${name}/manifest.json`, JSON.stringify(manifest))
  for (const [circuit, bytes] of Object.entries(files)) served.set(`/artefacts/${name}/${circuit}.vkey.json`, bytes)
}

function serveMetadata(...keySets: string[]) {
  served.set('/.well-known/touchstone-wallet.json', JSON.stringify({ version: 1, keySets }))
}

async function start(changes: Partial<VerifierOptions> = {}): Promise<Verifier | string> {
  return createVerifier({ ...options, ...changes }).catch((error: Error & { code?: string }) => {
    return `${error.code}: ${error.message}`
  })
}

/** The key set that sessions ask for; or how the start was refused. */
async function asksFor(changes: Partial<VerifierOptions> = {}): Promise<unknown> {
  const verifier = await start(changes)
  if (typeof verifier === 'string') return verifier
  const { jws } = await verifier.createSession({ request: 'signIn' })
  await verifier.close()
  return decodeJwt(jws).keySet
}

describe('a key set named by its hash', () => {
  it('is fetched from the wallet once, and kept', async () => {
    expect(await asksFor({ keySets: [hash] })).toBe(hash)
    expect(asked).toHaveLength(1 + Object.keys(simulated.files).length)
    served.clear()
    expect(await asksFor({ keySets: [hash] })).toBe(hash)
    expect(readdirSync(join(directory, 'data', 'key-sets'))).toEqual([hash])
  })

  it('is refused where the wallet serves another manifest, or another file, and nothing of it is kept', async () => {
    serve(other, hash)
    expect(await asksFor({ keySets: [hash] })).toMatch(/^option_invalid: keySets: .*manifest of another key set/)
    serve(simulated)
    served.set(`/artefacts/${hash}/login-v1.vkey.json`, other.files['login-v1'])
    expect(await asksFor({ keySets: [hash] })).toMatch(/^option_invalid: keySets: .*not the one in the manifest/)
    served.set(`/artefacts/${hash}/manifest.json`, '{}')
    expect(await asksFor({ keySets: [hash] })).toMatch(/^option_invalid: keySets: .*not what belongs there/)
    expect(readdirSync(directory)).toEqual([])
    serve(simulated)
    expect(await asksFor({ keySets: [hash] })).toBe(hash)
  })

  it('cannot be had while the wallet is down', async () => {
    served.delete(`/artefacts/${hash}/login-v1.vkey.json`)
    expect(await asksFor({ keySets: [hash] })).toMatch(/^key_set_unreachable: keySets: .*login-v1\.vkey\.json/)
    expect(await start({ keySets: [hash] }).catch(String)).toMatch(/^key_set_unreachable/)
  })

  it('is noticed where what was kept has been altered', async () => {
    await asksFor({ keySets: [hash] })
    const folder = join(directory, 'data', 'key-sets', hash)
    const file = join(folder, 'login-v1.vkey.json')
    const text = readFileSync(file)
    writeFileSync(file, other.files['login-v1'])
    expect(await asksFor({ keySets: [hash] })).toMatch(/^option_invalid: keySets: .*not the one in the manifest/)
    writeFileSync(file, text)
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(other.manifest))
    expect(await asksFor({ keySets: [hash] })).toMatch(/^option_invalid: keySets: .*has been altered/)
  })
})

describe('the wallet’s own key set', () => {
  it('is pinned at the first start, and a later difference refused', async () => {
    expect(await asksFor()).toBe(hash)
    expect(await asksFor()).toBe(hash)
    serve(other)
    serveMetadata(keySetHash(other.manifest))
    expect(await asksFor()).toMatch(/^key_set_changed: keySets: .*now names/)
    expect(await asksFor({ keySets: [keySetHash(other.manifest)] })).toBe(keySetHash(other.manifest))
    serveMetadata(hash)
    expect(await asksFor()).toBe(hash)
    expect(errors).toEqual([])
  })

  it('stays what was pinned while the wallet is down, and cannot be pinned while it is', async () => {
    served.delete('/.well-known/touchstone-wallet.json')
    expect(await asksFor()).toMatch(/^key_set_unreachable: keySets: .*touchstone-wallet\.json/)
    serveMetadata(hash)
    await asksFor()
    served.clear()
    expect(await asksFor()).toBe(hash)
    expect(errors).toMatchObject([{ code: 'key_set_unreachable' }])
  })

  it('is of one wallet alone', async () => {
    await asksFor()
    expect(await asksFor({ walletOrigin: 'https://wallet.example' })).toMatch(/^key_set_changed: .*another wallet/)
  })

  it('is not believed where the wallet names none', async () => {
    serveMetadata()
    expect(await asksFor()).toMatch(/^option_invalid: keySets: .*not what belongs there/)
    const file = join(directory, 'data', 'wallet-key-sets.json')
    serveMetadata(hash)
    await asksFor()
    writeFileSync(file, '{}')
    expect(await asksFor()).toMatch(/^option_invalid: keySets: .*not what was written there/)
  })
})

it('a presentation counts under the key set of its own session, while that is in the list', async () => {
  const issuer = makeIssuer()
  const person = makePerson({ issuer })
  const [first, second] = [simulated, other].map((set, index) => writeKeySet(set, join(directory, `keys-${index}`)))
  const site = await openSite({ keySets: [first ?? ''], requests: options.requests })
  const data = site.directory
  const ask = async (set: Simulated, jws: string) =>
    makePresentation({
      person,
      issuers: [],
      jws,
      prove: async (circuit, { signals }) => set.simulate(circuit, signals),
    })
  /** The same site, after a restart with other key sets. */
  async function sendTo(keySets: string[], presentation: Awaited<ReturnType<typeof ask>>) {
    const { origin } = site
    const signingKey = { path: join(data, 'keys', 'signing-key.json') }
    const verifier = await createVerifier({ ...options, origin, walletOrigin: WALLET, data, keySets, signingKey })
    const response = await verifier.handle(
      new Request(`${origin}/touchstone/sessions/${presentation.session}/presentation`, {
        method: 'POST',
        headers: { origin: WALLET, 'content-type': 'application/json' },
        body: JSON.stringify(serializePresentation(presentation)),
      }),
    )
    await verifier.close()
    const body: { error?: string; code?: string } = await response?.json()
    return body.error ?? 'accepted'
  }
  const [a, b] = [await site.begin('signIn'), await site.begin('signIn')]
  await site.close({ keep: true })
  expect(await sendTo([second ?? '', first ?? ''], await ask(simulated, a.jws))).toBe('accepted')
  expect(await sendTo([second ?? ''], await ask(simulated, b.jws))).toBe('key_set_mismatch')
  rmSync(data, { recursive: true })
})
