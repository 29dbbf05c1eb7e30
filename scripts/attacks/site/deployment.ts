import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSigningKey } from '../../../sdk/server/signing-key.ts'
import {
  createTestWallet,
  listedIssuer,
  makePresentation,
  PERSON_SCHEMA,
  type TestPerson,
  type TestWallet,
} from '../../../sdk/testing.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { artefactFile, MANIFEST_FILE } from '../../../src/protocol/key-set.ts'
import { type Presentation, serializePresentation } from '../../../src/protocol/presentation.ts'
import { schemaHash } from '../../../src/protocol/schema.ts'
import { CIRCUIT_IDS } from '../../../src/protocol/signals.ts'
import type { SiteSettings } from './process.ts'
import { type SiteProcess, startProcess } from './start-process.ts'

export const SITE_ORIGIN = 'http://site.localhost:4490'
export const WALLET_ORIGIN = 'https://wallet.example'

export type DeploymentOptions = {
  /** Whose visitors it has; a wallet of its own unless given. */
  readonly wallet?: TestWallet
  readonly origin?: string
  /** A SQLite file in its own folder unless given. */
  readonly store?: SiteStore
  /** Where its folder is made; the system's folder for temporary files unless given. */
  readonly directory?: string
}

/** Where a deployment keeps what must not be lost. */
export type SiteStore = { readonly path: string } | { readonly url: string }

/** A site that any number of processes serve, and the wallets of its visitors. */
export type Deployment = {
  readonly folder: string
  readonly origin: string
  readonly store: SiteStore
  /** Under which its audit log is chained; there once a process has run. */
  auditKey(): Promise<Uint8Array>
  start(): Promise<SiteProcess>
  /** A person of their own name at the site. */
  person(): TestPerson
  /** The wallet's answer to a session's request, as it is posted. */
  present(jws: string, person: TestPerson): Promise<WirePresentation>
  remove(): void
}

export type WirePresentation = ReturnType<typeof serializePresentation>

/**
 * Makes the folder of a site: a key set with known trapdoors, so that proofs cost nothing, an issuer, a signing key's
 * place, and by default a SQLite file.
 */
export async function makeDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const { wallet = await createTestWallet({ origin: WALLET_ORIGIN }), origin = SITE_ORIGIN } = options
  const { issuer, keySet: keys } = wallet
  const folder = mkdtempSync(join(options.directory ?? tmpdir(), 'touchstone-attacked-'))
  const store = options.store ?? { path: join(folder, 'touchstone.sqlite') }
  const keySet = join(folder, 'keys')
  mkdirSync(keySet)
  writeFileSync(join(keySet, MANIFEST_FILE), JSON.stringify(keys.manifest))
  for (const id of CIRCUIT_IDS) writeFileSync(join(keySet, artefactFile(id, 'verificationKey')), keys.files[id])
  const signingKey = { path: join(folder, 'signing-key', 'signing-key.json') }
  const settings: SiteSettings = {
    origin,
    walletOrigin: wallet.options.walletOrigin,
    store,
    data: join(folder, 'data'),
    signingKey,
    keySets: [keySet],
    verification: { workers: 1 },
    requests: requestsFor(wallet),
    published: { [issuer.metadata.origin]: await wallet.options.issuers(issuer.metadata.origin) },
  }
  const settingsFile = join(folder, 'site.json')
  writeFileSync(settingsFile, JSON.stringify(settings))

  return {
    folder,
    origin,
    store,
    auditKey: async () => (await loadSigningKey(signingKey, { clock: () => new Date() })).auditKey,
    start: () => startProcess(settingsFile),
    // Nobody looks at the credential behind a simulated proof: one is enough for all.
    person: () => ({ ...wallet.person, holderSecret: randomField(), deviceKey: randomField() }),
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

/** The requests of every site that is attacked; `schema` and issuer are those of the wallet. */
function requestsFor({ issuer }: TestWallet): SiteSettings['requests'] {
  const person = { issuers: [issuer.metadata.origin], schema: schemaHash(PERSON_SCHEMA) }
  const predicates = ['FI', 'DE', 'SE', 'IT', 'AT'].map((value) => ({ op: '$ne', claim: 'residence', value }) as const)
  const adult = {
    type: 'credential',
    id: 'adult',
    ...person,
    predicates: [{ op: '$lte', claim: 'birthDate', value: { yearsAgo: 18 } }],
  } as const
  return {
    signIn: { type: 'login', id: 'login' },
    adult,
    both: { all: [{ type: 'login', id: 'login' }, adult] },
    long: { ...adult, id: 'long', predicates },
    country: { ...adult, id: 'country', predicates: [{ op: '$sd', claim: 'nationality' }] },
    raffle: { type: 'action', id: 'raffle', ...person, predicates: [], action: 'spring-raffle' },
  }
}
