import { randomBytes } from '../protocol/bytes.ts'
import type { UnixSeconds } from '../protocol/day.ts'
import type { QueryItem } from '../protocol/query.ts'
import type { CircuitId } from '../protocol/signals.ts'
import { openDatabase, SYSTEM_CLOCK } from '../vault/index.ts'
import { authenticate, missingCapabilities, registerAuthenticator } from '../webauthn/index.ts'
import { acceptOffer } from './accept-offer.ts'
import { alternativeFor } from './choose-credentials.ts'
import { credentialView, deleteCredential, listCards, openCredential } from './credentials.ts'
import type { WalletEnvironment } from './environment.ts'
import { webLocksExclusive } from './exclusive.ts'
import { type CheckedOffer, offerView, readOffer } from './offer.ts'
import { broadcastToPages } from './other-pages.ts'
import { noteAnswer, noteFailedReceipt } from './outcomes.ts'
import { createProofMaker } from './own-proof.ts'
import { present } from './present.ts'
import { type CheckedRequest, readRequest } from './request.ts'
import { type PreparedRequest, prepareRequest } from './request-view.ts'
import { WalletSession } from './session.ts'
import { listSites } from './sites.ts'
import { createStatusLists } from './status-lists.ts'
import { reportState, submitDecline } from './submit.ts'
import type { OfferView, RequestView, Wallet } from './wallet.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

/** What has no default; the rest is the browser's own unless replaced. */
export type WalletOptions = Pick<WalletEnvironment, 'prover' | 'keySetHash' | 'rpId' | 'origin'> &
  Partial<WalletEnvironment>

/** Makes the wallet of this page and begins to read its store; the state is `loading` until that is done. */
export function createWallet(options: WalletOptions): Wallet {
  const session = new WalletSession(withDefaults(options))
  const { environment } = session
  const proofs = createProofMaker(environment.prover)
  const lists = createStatusLists(environment, () => session.store())
  // What a view stands for never passes through the page: a view that this wallet did not make stands for nothing.
  const offers = new WeakMap<OfferView, CheckedOffer>()
  const requests = new WeakMap<RequestView, { checked: CheckedRequest; prepared: PreparedRequest }>()
  const { exclusive } = environment
  session.load()

  return {
    getState: () => session.state,
    subscribe: (listener) => session.subscribe(listener),
    reload: () => session.load(),
    create: (asked) => named(asked.signal, () => exclusive(() => session.create(asked))),
    unlock: ({ signal }) =>
      named(signal, async () => {
        if (session.vaultIfOpen()) return
        await exclusive(() => session.touch({ challenge: environment.random(32), signal }))
      }),
    lock: () => session.lock(),
    noteActivity: () => session.vaultIfOpen()?.noteActivity(),

    cards: () => named(undefined, async () => (await listCards(await session.store())).map(({ card }) => card)),
    credential: (id) => named(undefined, async () => credentialView(id, await openCredential(session.vault(), id))),
    deleteCredential: (id) =>
      named(undefined, async () => {
        await deleteCredential(session.vault(), await session.store(), id)
        session.changed()
      }),
    activity: () => named(undefined, () => session.activity.list(session.vault())),
    sites: () => named(undefined, async () => listSites(await session.store())),
    settings: () => session.settings,
    changeSettings: (changes) => named(undefined, () => session.changeSettings(changes)),
    ways: () =>
      named(undefined, async () =>
        (await session.authenticators()).map(({ credentialId, label, enrolledAt, backupEligible }) => ({
          id: credentialId,
          name: label,
          addedAt: enrolledAt as UnixSeconds,
          synchronised: backupEligible,
        })),
      ),
    reset: () => named(undefined, () => session.reset()),

    readOffer: (link, { signal }) =>
      named(signal, async () => {
        const checked = await readOffer(environment, link, signal)
        const view = offerView(checked, session.vaultIfOpen() ? 1 : 2)
        offers.set(view, checked)
        proofs.prepare(['issue-v1'])
        return view
      }),
    acceptOffer: (view, asked) =>
      named(asked.signal, () =>
        exclusive(() =>
          session.ceremony(asked.signal, async (ceremony) => {
            const checked = offers.get(view)
            if (!checked) throw unknownView()
            try {
              const card = await acceptOffer({ session, proofs, ceremony }, checked, asked)
              offers.delete(view)
              return card
            } catch (cause) {
              const error = nameOf(cause, ceremony.signal)
              if (error.shared === 'maybe') await noteFailedReceipt(session, checked, error.code)
              throw error
            }
          }),
        ),
      ),

    readRequest: (source, { signal }) =>
      named(signal, async () => {
        const checked = await readRequest(environment, source, signal)
        // Before anything that the wallet holds is looked at: whatever that is, the site hears the same.
        reportState({ fetch: environment.fetch, responseUri: checked.payload.responseUri, state: 'CONNECTED' })
        const prepared = await prepareRequest(session, lists, checked)
        requests.set(prepared.view, { checked, prepared })
        const likely = prepared.alternatives.filter(({ view }) => view.answerable !== false)
        proofs.prepare(likely.flatMap(({ items }) => items.map(circuitOf)))
        return prepared.view
      }),
    consequences(view, answer) {
      const request = requests.get(view)
      if (!request) throw unknownView()
      const { learned, notLearned } = alternativeFor(request.prepared, answer).view
      return { learned, notLearned }
    },
    present: (view, asked) =>
      named(asked.signal, () =>
        exclusive(() =>
          session.ceremony(asked.signal, async (ceremony) => {
            const request = requests.get(view)
            if (!request) throw unknownView()
            const picked = alternativeFor(request.prepared, asked)
            const noted = { view, picked: picked.view }
            try {
              const presented = await present({ session, proofs, ceremony, lists }, request.checked, picked, asked)
              requests.delete(view)
              await noteAnswer(session, noted, { ...presented, shared: 'yes' })
              return presented
            } catch (cause) {
              const error = nameOf(cause, ceremony.signal)
              const { code, shared } = error
              // Somebody who only let go of the key has nothing to read about later.
              if (code !== 'user_cancelled' || shared === 'maybe') await noteAnswer(session, noted, { code, shared })
              throw error
            }
          }),
        ),
      ),
    decline: (view) =>
      named(undefined, async () => {
        const request = requests.get(view)
        if (!request) throw unknownView()
        requests.delete(view)
        await noteAnswer(session, { view }, { shared: 'nothing' })
        submitDecline({ fetch: environment.fetch, responseUri: request.checked.payload.responseUri })
      }),
  }
}

function withDefaults(options: WalletOptions): WalletEnvironment {
  return {
    openStore: () => openDatabase(),
    fetch: (input, init) => globalThis.fetch(input, init),
    authenticator: { register: registerAuthenticator, authenticate },
    exclusive: webLocksExclusive(),
    missingCapabilities,
    clock: SYSTEM_CLOCK,
    random: randomBytes,
    ...options,
    // Not begun where another is given: a channel once open hears every page of the origin.
    otherPages: options.otherPages ?? broadcastToPages(),
  }
}

function circuitOf(item: QueryItem): CircuitId {
  return item.type === 'login' ? 'login-v1' : 'present-v1'
}

/** Every rejection that reaches a page has a code and says what was shared. */
async function named<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw nameOf(cause, signal)
  }
}

/** What an abort can end in, wherever it strikes. */
const ABORTED: readonly string[] = ['unexpected', 'user_cancelled', 'vault_locked', 'wallet_locked']

/** An abort may carry any reason: the wallet's own is the name, and whatever else it is, the page asked for it. */
function nameOf(cause: unknown, signal: AbortSignal | undefined): WalletError {
  const error = toWalletError(cause)
  if (!signal?.aborted || !ABORTED.includes(error.code)) return error
  const { shared } = error
  if (signal.reason instanceof WalletError) {
    const { code, message } = signal.reason
    return new WalletError(code, message, { cause, shared })
  }
  return new WalletError('user_cancelled', 'cancelled', { cause, shared })
}

function unknownView(): WalletError {
  return new WalletError('view_unknown', 'this wallet has not made that view, or it has been answered')
}
