import type { IncomingMessage, ServerResponse } from 'node:http'
import { fieldToBytes, parseField } from '../../src/protocol/field.ts'
import { createVerifierPool } from '../../src/verifier/node/index.ts'
import { answerIncoming } from './answer-incoming.ts'
import { createArrivals } from './arrivals.ts'
import { fromWebRequest } from './asked.ts'
import { readBrowserCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { type Health, readHealth } from './health.ts'
import { createIssuerDirectory } from './issuer-directory.ts'
import { createIssuerMemory } from './issuer-memory.ts'
import { type KeySets, loadKeySets } from './key-sets.ts'
import type { VerifierConfig, VerifierOptions } from './options.ts'
import { parseOptions } from './parse-options.ts'
import type { Accepted } from './receive-presentation.ts'
import { createSharing } from './replay.ts'
import { createGuard, type Guard, type RequireResult } from './require.ts'
import { decodeResult, hmacName, type VerifiedResult } from './result.ts'
import { answerRequest } from './routes.ts'
import { createSessionEvents } from './session-events.ts'
import { type SessionView, viewSession } from './session-view.ts'
import { type CreatedSession, createSession, type NewSessionOptions } from './sessions.ts'
import { loadSigningKey } from './signing-key.ts'
import { openStore } from './store/open-store.ts'
import { createTellOnce } from './tell-once.ts'
import { createTellRarely } from './tell-rarely.ts'
import { createVerificationQueue } from './verification-queue.ts'
import { createEmitter } from './verifier-events.ts'
import { endVisit, findVisit, type Visit } from './visits.ts'

export type Verifier = {
  /** Answers requests to the SDK's own addresses (`/touchstone/…` and its well-known one); undefined for all others. */
  handle(request: Request): Promise<Response | undefined>
  /** The same for Node's `http` and what is built on it; true if it has answered. The body must not have been read. */
  handleNode(incoming: IncomingMessage, outgoing: ServerResponse): Promise<boolean>
  /**
   * Opens a session without the page's own call. Throws {@link TouchstoneError} `request_unknown`, `option_invalid`,
   * `query_invalid`, `issuer_unreachable`.
   */
  createSession(options: NewSessionOptions): Promise<CreatedSession>
  /**
   * The verified result for a code that the page brought, read once. `cookie` is the Cookie header of the request that
   * brought it: only the browser that began the session may have the result. `session` is the id of the session that it
   * must answer, for a site that keeps it with what the result is for: a browser may have several open.
   * Throws {@link TouchstoneError} `result_unknown`, `result_wrong_browser`, `result_wrong_session` (the result stays unread
   * after these), `result_already_read`.
   */
  getResult(options: {
    code: string
    cookie: string | undefined
    session?: string | undefined
  }): Promise<VerifiedResult>
  /**
   * What this browser has shown here and still counts, by the results that were read at `POST /touchstone/result`.
   * `cookie` is the browser's Cookie header.
   */
  visit(cookie: string | undefined | null): Promise<Visit | undefined>
  /** Ends the browser's visit. Gives the Set-Cookie header that takes its cookie away. */
  signOut(cookie: string | undefined | null): Promise<string>
  /**
   * A guard of what only those may see whose visit has the result of a request. Throws {@link TouchstoneError}
   * `request_unknown`, `option_invalid`.
   */
  require(options: RequireResult): Guard
  /**
   * Forgets which authenticators belong to an account (`login.nullifier`), and ends its visits in every browser: for the
   * site's "delete account".
   */
  forget(nullifier: string): Promise<void>
  /** The state of a session, for the site's own server; pages ask `GET /touchstone/sessions/<id>`. Throws `session_unknown`. */
  session(id: string): Promise<SessionView>
  /** How its parts are: for readiness, alarms, and whoever looks for a fault. Never throws. */
  health(): Promise<Health>
  close(): Promise<void>
}

/** Requests whose body is being read, of 16 KB at most: so many of the site's pages, and as many of wallets. */
const MAX_BODIES = 1_024

/**
 * Presentations under way: 20 KB each. With a pool most of them wait for the database or an issuer; the pool has its own
 * limit. On the event loop they wait for one another, a few milliseconds each as a rule, a second at the worst.
 */
const MAX_UNDER_WAY = 1_024
const MAX_UNDER_WAY_WITHOUT_POOL = 16
const SWEEP_INTERVAL_MS = 60_000

/**
 * The server's part of a site that asks: sessions, verification, results. Throws {@link TouchstoneError}
 * `option_invalid` and `query_invalid` (the message begins with the option's name), `signing_key_permissions`,
 * `signing_key_invalid`, `key_set_unreachable`, `key_set_changed`, `store_unavailable`, `audit_key_mismatch`.
 *
 * ```ts
 * const verifier = await createVerifier({
 *   origin: 'https://forum.example',
 *   walletOrigin: 'https://wallet.example',
 *   keySets: ['<hash>'],
 *   requests: { signIn: login(), over18: ageOver(18, { issuers: ['https://issuer.example'] }) },
 * })
 * ```
 */
export async function createVerifier(options: VerifierOptions): Promise<Verifier> {
  const config = parseOptions(options)
  const { clock, onError } = config
  const emit = createEmitter(config.onEvent, onError)
  const keySets = await loadKeySets(config)
  const onChange = () => emit({ type: 'signing_key_changed' })
  const signingKey = await loadSigningKey(config.signingKey, { clock, onError, onChange })
  const store = await openStore(config.store, { auditKey: signingKey.auditKey, onError })
  const { verifier, closeVerifier } = await startVerifier(config, keySets).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const now = () => clock().getTime()
  const issuers = createIssuerDirectory({
    load: config.loadIssuer,
    now,
    onError,
    memory: createIssuerMemory({ records: store, now, onError }),
    onFailure: (issuer, code) => emit({ type: 'issuer_failed', issuer, code }),
  })
  const limit = MAX_BODIES
  const arrivals = { site: createArrivals({ limit }), wallet: createArrivals({ limit }) }
  const queue = createVerificationQueue({ limit: placesOf(config.verification) })
  const tellOnce = createTellOnce(onError)
  const tellRarely = createTellRarely({ onError, now })
  const events = createSessionEvents({ store, clock, onError })
  const sharing = createSharing<Accepted>()
  const deployment: Deployment = {
    config,
    store,
    keySets,
    signingKey,
    issuers,
    arrivals,
    queue,
    events,
    sharing,
    verifier,
    tellOnce,
    tellRarely,
    emit,
  }

  const timer = setInterval(() => store.sweep(clock().getTime()).catch(onError), SWEEP_INTERVAL_MS)
  timer.unref()

  return {
    handle: (request) => answerRequest(deployment, fromWebRequest(request)),
    handleNode: (incoming, outgoing) => answerIncoming(deployment, incoming, outgoing),
    createSession: (request) => createSession(deployment, request),
    visit: (cookie) => findVisit(deployment, cookie),
    signOut: (cookie) => endVisit(deployment, cookie),
    require: (required) => createGuard(deployment, required),
    async getResult({ code, cookie, session }) {
      const taken = await store.takeResult({ code, session, browser: readBrowserCookie(cookie), now: now() })
      emit({ type: 'result_read', request: taken.requestName })
      return decodeResult({ session: taken.sessionId, request: taken.requestName, result: taken.result })
    },
    async forget(nullifier) {
      const name = parseField(nullifier)
      await store.forgetName({
        nullifier: fieldToBytes(name),
        nameHmac: hmacName(name, signingKey.auditKey),
        now: clock().getTime(),
      })
    },
    session: (id) => viewSession(deployment, id),
    health: () => readHealth(deployment),
    async close() {
      clearInterval(timer)
      events.close()
      await closeVerifier()
      await store.close()
    },
  }
}

function placesOf(verification: VerifierConfig['verification']): number {
  if ('verify' in verification || verification.workers !== 0) return MAX_UNDER_WAY
  return verification.queueLimit ?? MAX_UNDER_WAY_WITHOUT_POOL
}

async function startVerifier({ verification }: VerifierConfig, { sources }: KeySets) {
  const nothing = async () => {}
  if ('verify' in verification) return { verifier: verification, closeVerifier: nothing }
  const { workers, ...options } = verification
  if (workers === 0) return { verifier: undefined, closeVerifier: nothing }
  const pool = await createVerifierPool({ keySets: sources, ...(workers === undefined ? {} : { workers }), ...options })
  return { verifier: pool, closeVerifier: () => pool.close() }
}
