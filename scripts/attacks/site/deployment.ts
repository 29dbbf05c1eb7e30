import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadSigningKey } from '../../../sdk/server/signing-key.ts'
import {
  createTestIssuer,
  createTestKeySet,
  createTestPerson,
  listedIssuer,
  loaderOf,
  makePresentation,
  PERSON_SCHEMA,
  type TestPerson,
} from '../../../sdk/testing.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { artefactFile, MANIFEST_FILE } from '../../../src/protocol/key-set.ts'
import { type Presentation, serializePresentation } from '../../../src/protocol/presentation.ts'
import { schemaHash } from '../../../src/protocol/schema.ts'
import { CIRCUIT_IDS } from '../../../src/protocol/signals.ts'
import type { FailpointName } from './failpoints.ts'
import type { SiteOrder, SiteReport, SiteSettings } from './process.ts'

export const SITE_ORIGIN = 'http://site.localhost:4490'
export const WALLET_ORIGIN = 'http://wallet.localhost:4491'

/** Where a deployment keeps what must not be lost. */
export type SiteStore = { readonly path: string } | { readonly url: string }

/** A site that any number of processes serve, and the wallets of its visitors. */
export type Deployment = {
  readonly folder: string
  readonly store: SiteStore
  /** Under which its audit log is chained; there once a process has run. */
  auditKey(): Promise<Uint8Array>
  start(options?: StartOptions): Promise<SiteProcess>
  /** A person of their own name at the site. */
  person(): TestPerson
  /** The wallet's answer to a session's request, as it is posted. */
  present(jws: string, person: TestPerson): Promise<WirePresentation>
  remove(): void
}

export type WirePresentation = ReturnType<typeof serializePresentation>

export type StartOptions = {
  /** A program that runs the process, such as strace with its arguments. */
  readonly under?: readonly string[]
}

export type SiteProcess = {
  readonly port: number
  readonly pid: number
  /** What the SDK told its `onError`. */
  readonly faults: readonly string[]
  /** Whether it is still there. */
  isAlive(): boolean
  readonly ended: Promise<unknown>
  /** Makes it die by itself when it comes to a point for the nth time. */
  dieAt(point: FailpointName, nth: number): void
  kill(signal?: NodeJS.Signals): Promise<void>
}

/**
 * Makes the folder of a site: a key set with known trapdoors, so that proofs cost nothing, an issuer, a signing key's
 * place, and by default a SQLite file.
 */
export async function makeDeployment(options: { store?: SiteStore; directory?: string } = {}): Promise<Deployment> {
  const folder = mkdtempSync(join(options.directory ?? tmpdir(), 'touchstone-attacked-'))
  const store = options.store ?? { path: join(folder, 'touchstone.sqlite') }
  const keys = await createTestKeySet()
  const issuer = createTestIssuer({ now: new Date(Date.now() - 3_600_000) })
  const loader = loaderOf(issuer)
  const somebody = createTestPerson({ issuer })
  const person = { issuers: [issuer.metadata.origin], schema: schemaHash(PERSON_SCHEMA) }
  const keySet = join(folder, 'keys')
  mkdirSync(keySet)
  writeFileSync(join(keySet, MANIFEST_FILE), JSON.stringify(keys.manifest))
  for (const id of CIRCUIT_IDS) writeFileSync(join(keySet, artefactFile(id, 'verificationKey')), keys.files[id])
  const signingKey = { path: join(folder, 'signing-key', 'signing-key.json') }
  const settings: SiteSettings = {
    origin: SITE_ORIGIN,
    walletOrigin: WALLET_ORIGIN,
    store,
    signingKey,
    keySets: [keySet],
    verification: { workers: 1 },
    requests: {
      raffle: { type: 'action', id: 'raffle', ...person, predicates: [], action: 'spring-raffle' },
      signIn: { type: 'login', id: 'login' },
    },
    published: { [issuer.metadata.origin]: await loader(issuer.metadata.origin) },
  }
  const settingsFile = join(folder, 'site.json')
  writeFileSync(settingsFile, JSON.stringify(settings))

  return {
    folder,
    store,
    auditKey: async () => (await loadSigningKey(signingKey, { clock: () => new Date() })).auditKey,
    start: (start = {}) => startProcess(settingsFile, start),
    // Nobody looks at the credential behind a simulated proof: one is enough for all.
    person: () => ({ ...somebody, holderSecret: randomField(), deviceKey: randomField() }),
    async present(jws, who) {
      const presentation: Presentation = await makePresentation({
        person: who,
        issuers: [listedIssuer(issuer)],
        jws,
        prove: async (circuit, { signals }) => keys.simulate(circuit, signals),
      })
      return serializePresentation(presentation)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function startProcess(settingsFile: string, { under = [] }: StartOptions): Promise<SiteProcess> {
  const program = resolve(import.meta.dirname, 'process.ts')
  const [execPath = process.execPath, ...execArgv] = [...under, ...(under.length > 0 ? [process.execPath] : [])]
  const child = fork(program, [settingsFile], { execPath, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const faults: string[] = []
  let isAlive = true
  const ended = once(child, 'exit').then(() => {
    isAlive = false
  })
  const port = await new Promise<number>((fulfil, reject) => {
    child.on('message', (message: SiteReport) => {
      if ('port' in message) fulfil(message.port)
      else faults.push(message.fault)
    })
    ended.then(() => reject(new Error(`the site’s process ended before it served: ${faults.join('; ')}`)))
  })
  return {
    port,
    // A process that has sent something has an id.
    pid: child.pid ?? 0,
    faults,
    isAlive: () => isAlive,
    ended,
    dieAt(at, nth) {
      const order: SiteOrder = { die: { at, nth } }
      child.send(order)
    },
    async kill(signal = 'SIGKILL') {
      if (isAlive) child.kill(signal)
      await ended
    },
  }
}
