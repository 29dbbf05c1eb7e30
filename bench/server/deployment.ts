import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { login, PERSON_SCHEMA_HASH } from '../../sdk/server.ts'
import {
  createTestIssuer,
  createTestKeySet,
  createTestPerson,
  listedIssuer,
  loaderOf,
  makePresentation,
} from '../../sdk/testing.ts'
import { randomField } from '../../src/protocol/field.ts'
import { artefactFile, MANIFEST_FILE } from '../../src/protocol/key-set.ts'
import { serializePresentation } from '../../src/protocol/presentation.ts'
import { CIRCUIT_IDS } from '../../src/protocol/signals.ts'
import type { BareProof } from './bare.ts'
import type { SiteSettings } from './site.ts'

export const SITE_ORIGIN = 'http://site.localhost:4490'
export const WALLET_ORIGIN = 'http://wallet.localhost:4491'

/**
 * What visitors are asked for. `age`: an age proved by one credential. `once`: the same, by a name that counts once and
 * for good. `login`: a login, whose authenticator is pinned.
 */
export const QUESTIONS = ['age', 'once', 'login'] as const
export type Question = (typeof QUESTIONS)[number]

export type Deployment = {
  /** The folder of the key set. */
  readonly keySet: string
  /** Writes the settings of a site's processes; the file they take. */
  writeSettings(name: string, store: NonNullable<SiteSettings['store']>): string
  /** A visitor's answer to a session's request, as it is posted: each from a person of their own. */
  present(jws: string): Promise<{ readonly body: string; readonly proofs: readonly BareProof[] }>
}

/** A site in a folder, under a key set of known trapdoors: proofs cost next to nothing, and verify like any others. */
export async function makeDeployment(folder: string): Promise<Deployment> {
  const keys = await createTestKeySet()
  const issuer = createTestIssuer({ now: new Date(Date.now() - 3_600_000) })
  const somebody = createTestPerson({ issuer })
  const { origin } = issuer.metadata
  const keySet = join(folder, 'keys')
  mkdirSync(keySet)
  writeFileSync(join(keySet, MANIFEST_FILE), JSON.stringify(keys.manifest))
  for (const id of CIRCUIT_IDS) writeFileSync(join(keySet, artefactFile(id, 'verificationKey')), keys.files[id])
  const published = { [origin]: await loaderOf(issuer)(origin) }
  const adult = {
    issuers: [origin],
    schema: PERSON_SCHEMA_HASH,
    predicates: [{ op: '$lte', claim: 'birthDate', value: { yearsAgo: 18 } }],
  } as const

  return {
    keySet,
    writeSettings(name, store) {
      const settings: SiteSettings = {
        origin: SITE_ORIGIN,
        walletOrigin: WALLET_ORIGIN,
        store,
        signingKey: { path: join(folder, name, 'signing-key.json') },
        keySets: [keySet],
        verification: { workers: 1 },
        requests: {
          age: { type: 'credential', id: 'age', ...adult },
          once: { type: 'action', id: 'age', ...adult, action: 'spring-raffle' },
          login: login(),
        },
        published,
      }
      mkdirSync(join(folder, name))
      const file = join(folder, name, 'site.json')
      writeFileSync(file, JSON.stringify(settings))
      return file
    },
    async present(jws) {
      const proofs: BareProof[] = []
      const presentation = await makePresentation({
        // Nobody looks at the credential behind a simulated proof: one is enough for all.
        person: { ...somebody, holderSecret: randomField(), deviceKey: randomField() },
        issuers: [listedIssuer(issuer)],
        jws,
        prove: async (circuit, { signals }) => {
          const proof = keys.simulate(circuit, signals)
          proofs.push({ circuit, signals: [...signals], proof })
          return proof
        },
      })
      return { body: JSON.stringify(serializePresentation(presentation)), proofs }
    },
  }
}
