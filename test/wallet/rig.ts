import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureKeySet } from '../../scripts/keys.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { artefactFile } from '../../src/protocol/key-set.ts'
import { createNodeProver } from '../../src/prover/node.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import { TABLES } from '../../src/vault/store.ts'
import { type KeySet, loadKeySet } from '../../src/verifier/key-set.ts'
import {
  type Alternative,
  createWallet,
  pageExclusive,
  type RequestView,
  type Wallet,
  WalletError,
  type WalletOptions,
} from '../../src/wallet/index.ts'
import { SoftwareAuthenticator } from '../fixtures/software-authenticator.ts'
import { type MemoryStore, memoryStore } from '../vault/memory-store.ts'
import { TestIssuer } from './issuer.ts'
import { pagesOfOneWallet } from './other-pages.ts'
import { TestSite } from './site.ts'
import { Web } from './web.ts'

export const WALLET_ORIGIN = 'https://wallet.example'
export const NOON = new Date('2026-06-15T12:00:00Z')

/** For a test that makes several proofs on a machine that is busy with other tests. */
export const SLOW_TEST_MS = 180_000

/** Real circuits under development keys, made once for a test file. */
export type Keys = { readonly keySet: KeySet; readonly prover: WorkerProver }

/** `prepares: false` for tests that mostly refuse: loading keys ahead of proofs that never come takes seconds. */
export async function loadKeys({ prepares = true } = {}): Promise<Keys> {
  const { hash, manifest, directory } = await ensureKeySet({ origin: 'development' })
  const keySet = await loadKeySet({
    manifest,
    readVerificationKey: (circuit) => readFile(join(directory, artefactFile(circuit, 'verificationKey'))),
    allowDevelopment: true,
  })
  const base = join(directory, '..')
  const prover = createNodeProver({ location: { base, keySetHash: hash } })
  return { keySet, prover: prepares ? prover : { ...prover, prepare: async () => {} } }
}

/** A wallet, an authenticator, two issuers and two sites, with a clock that begins at {@link NOON}. */
export type Rig = {
  readonly wallet: Wallet
  readonly authenticator: SoftwareAuthenticator
  readonly store: MemoryStore
  readonly web: Web
  readonly issuer: TestIssuer
  /** Another one, of the same schema. */
  readonly town: TestIssuer
  readonly forum: TestSite
  readonly wine: TestSite
  readonly keySet: KeySet
  readonly clock: { milliseconds: number }
  /** Another page of the same wallet. */
  readonly anotherPage: (options?: Partial<WalletOptions>) => Wallet
}

/** `like`: begins with a copy of what that rig's wallet keeps, and with its authenticator. */
export async function startRig(
  { keySet, prover }: Keys,
  { like, ...options }: Partial<WalletOptions> & { like?: Rig } = {},
): Promise<Rig> {
  const web = new Web()
  const store = memoryStore()
  const clock = { milliseconds: like?.clock.milliseconds ?? NOON.getTime() }
  const authenticator = like?.authenticator ?? new SoftwareAuthenticator({ origin: WALLET_ORIGIN })
  for (const fault of Object.keys(authenticator.faults)) Reflect.deleteProperty(authenticator.faults, fault)
  for (const table of TABLES) {
    for (const [key, value] of like?.store.tables[table] ?? []) store.tables[table].set(key, structuredClone(value))
  }
  const served = {
    keySet: keySet.hash,
    verificationKey: keySet.keys['issue-v1'],
    today: dayOf(NOON),
    walletOrigin: WALLET_ORIGIN,
  }
  const issuer = new TestIssuer(web, {
    ...served,
    origin: 'https://id.example',
    name: 'City of Arden',
    seed: 0x21,
    ...(like && { issued: like.issuer.issued }),
  })
  const town = new TestIssuer(web, {
    ...served,
    origin: 'https://town.example',
    name: 'Town of Birk',
    seed: 0x22,
    ...(like && { issued: like.town.issued }),
  })
  const site = { keySet, now: () => new Date(clock.milliseconds), issuers: [issuer, town] }
  const forum = new TestSite(web, 'https://forum.example', site)
  const wine = new TestSite(web, 'https://wine.example', site)
  const pages = pagesOfOneWallet()
  const anotherPage = (more: Partial<WalletOptions> = {}) =>
    createWallet({
      openStore: async () => store,
      prover,
      keySetHash: keySet.hash,
      rpId: 'wallet.example',
      origin: WALLET_ORIGIN,
      fetch: web.fetch,
      authenticator,
      exclusive: pageExclusive(),
      otherPages: pages(),
      missingCapabilities: async () => [],
      // One millisecond with each look, so that no two things happen at once.
      clock: { now: () => clock.milliseconds++, after: () => () => {} },
      ...options,
      ...more,
    })
  const wallet = anotherPage()
  await settled(wallet)
  return { wallet, authenticator, store, web, issuer, town, forum, wine, keySet, clock, anotherPage }
}

/** The one way to answer a request that has no `any`. */
export function only({ alternatives }: RequestView): Alternative {
  const [alternative, ...others] = alternatives
  if (!alternative || others.length > 0) throw new Error(`expected one alternative, not ${alternatives.length}`)
  return alternative
}

/** What a page passes on when the person agrees: for each credential asked for, the card that it showed. */
export function shown(view: RequestView, alternative = only(view)) {
  const { id, asks } = alternative
  const cards = asks.flatMap((ask) => {
    const card = ask.kind === 'credential' && ask.candidates.find(({ satisfiable }) => satisfiable !== false)
    return card ? [[ask.itemId, card.credentialId]] : []
  })
  return { alternative: id, choices: Object.fromEntries(cards) as Record<string, string> }
}

/** Waits until the wallet has read its store. */
export async function settled(wallet: Wallet): Promise<void> {
  if (wallet.getState().status !== 'loading') return
  await new Promise<void>((resolve) => {
    const end = wallet.subscribe(() => {
      if (wallet.getState().status === 'loading') return
      end()
      resolve()
    })
  })
}

/** The wallet's refusal; a test fails where there is none or where it is no WalletError. */
export async function refusal(promise: Promise<unknown>): Promise<WalletError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (error instanceof WalletError) return error
  throw new Error('expected a WalletError', { cause: error })
}
