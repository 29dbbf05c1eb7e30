import type { IncomingMessage, ServerResponse } from 'node:http'
import { fieldToBytes, parseField } from '../../src/protocol/field.ts'
import { createVerifierPool } from '../../src/verifier/node/index.ts'
import { answerIncoming } from './answer-incoming.ts'
import { readBrowserCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import { createIssuerDirectory } from './issuer-directory.ts'
import { type KeySets, loadKeySets } from './key-sets.ts'
import type { StoreOption, VerifierConfig, VerifierOptions } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { decodeResult, hmacName, type VerifiedResult } from './result.ts'
import { answerRequest } from './routes.ts'
import { type CreatedSession, createSession } from './sessions.ts'
import { loadSigningKey } from './signing-key.ts'
import { openStore } from './store/open-store.ts'
import { createTellOnce } from './tell-once.ts'
import { createVerificationQueue } from './verification-queue.ts'
import { createEmitter } from './verifier-events.ts'

export type Verifier = {
  /** Answers requests to the SDK's own addresses (`/touchstone/…` and its well-known one); undefined for all others. */
  handle(request: Request): Promise<Response | undefined>
  /** The same for Node's `http` and what is built on it; true if it has answered. The body must not have been read. */
  handleNode(incoming: IncomingMessage, outgoing: ServerResponse): Promise<boolean>
  /** Opens a session without the page's own call; `cookie` is the browser's Cookie header. */
  createSession(options: { request: string; cookie?: string | undefined }): Promise<CreatedSession>
  /**
   * The verified result for a code that the page brought, read once. `cookie` is the Cookie header of the request that
   * brought it: only the browser that began the session may have the result.
   * Throws {@link TouchstoneError} `result_unknown`, `result_wrong_browser`, `result_already_read`.
   */
  getResult(options: { code: string; cookie: string | undefined }): Promise<VerifiedResult>
  /** Forgets which authenticators belong to an account (`login.nullifier`): for the site's "delete account". */
  forget(nullifier: string): Promise<void>
  close(): Promise<void>
}

/**
 * Sessions whose check waits or runs, one place each; a check of a few milliseconds is the rule, of a second the worst.
 */
const QUEUE_LIMIT = 16
/** With a pool, as many as fill a batch. */
const POOL_QUEUE_LIMIT = 64
const SWEEP_INTERVAL_MS = 60_000

/**
 * The server's part of a site that asks: sessions, verification, results. Throws {@link TouchstoneError}
 * `option_invalid` and `query_invalid` (the message begins with the option's name), `signing_key_permissions`,
 * `signing_key_invalid`, `key_set_unreachable`, `key_set_changed`.
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
  const { verifier, closeVerifier } = await startVerifier(config, keySets)
  const store = await openStore(sqliteOf(config.store), { auditKey: signingKey.auditKey, onError })
  const issuers = createIssuerDirectory({ load: config.loadIssuer, now: () => clock().getTime(), onError })
  const queue = createVerificationQueue({ limit: verifier ? POOL_QUEUE_LIMIT : QUEUE_LIMIT })
  const tellOnce = createTellOnce(onError)
  const deployment: Deployment = { config, store, keySets, signingKey, issuers, queue, verifier, tellOnce, emit }

  const timer = setInterval(() => store.sweep(clock().getTime()).catch(onError), SWEEP_INTERVAL_MS)
  timer.unref()

  return {
    handle: (request) => answerRequest(deployment, request),
    handleNode: (incoming, outgoing) => answerIncoming(deployment, incoming, outgoing),
    createSession: (request) => createSession(deployment, request),
    async getResult({ code, cookie }) {
      const taken = await store.takeResult({ code, browser: readBrowserCookie(cookie), now: clock().getTime() })
      return decodeResult(taken.requestName, taken.result)
    },
    async forget(nullifier) {
      const name = parseField(nullifier)
      await store.forgetName({
        nullifier: fieldToBytes(name),
        nameHmac: hmacName(name, signingKey.auditKey),
        now: clock().getTime(),
      })
    },
    async close() {
      clearInterval(timer)
      await closeVerifier()
      await store.close()
    },
  }
}

async function startVerifier({ verification }: VerifierConfig, { sources }: KeySets) {
  const nothing = async () => {}
  if ('verify' in verification) return { verifier: verification, closeVerifier: nothing }
  const { workers, ...options } = verification
  if (workers === 0) return { verifier: undefined, closeVerifier: nothing }
  const pool = await createVerifierPool({ keySets: sources, ...(workers === undefined ? {} : { workers }), ...options })
  return { verifier: pool, closeVerifier: () => pool.close() }
}

function sqliteOf(store: StoreOption): { readonly path: string } {
  if ('path' in store) return store
  throw serverError('option_invalid', 'store: this version keeps its records in SQLite alone')
}
