import type { IncomingMessage, ServerResponse } from 'node:http'
import { fieldToBytes, parseField } from '../../src/protocol/field.ts'
import { answerIncoming } from './answer-incoming.ts'
import { readBrowserCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { createIssuerDirectory } from './issuer-directory.ts'
import { readKeySetFolder } from './key-set-folder.ts'
import { parseOptions, type VerifierOptions } from './options.ts'
import { decodeResult, hmacName, type VerifiedResult } from './result.ts'
import { answerRequest } from './routes.ts'
import { type CreatedSession, createSession } from './sessions.ts'
import { loadSigningKey } from './signing-key.ts'
import { openStore } from './store/open-store.ts'
import { createTellOnce } from './tell-once.ts'
import { createVerificationQueue } from './verification-queue.ts'

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
 * `option_invalid` and `query_invalid` (the message names the option), `signing_key_permissions`,
 * `signing_key_invalid`.
 *
 * ```ts
 * const verifier = await createVerifier({
 *   origin: 'https://forum.example',
 *   walletOrigin: 'https://wallet.example',
 *   keySet: 'data/keys/<hash>',
 *   issuers: ['https://issuer.example'],
 *   store: { path: 'data/touchstone.sqlite' },
 *   signingKey: { path: 'data/signing-key.json' },
 *   requests: { signIn: { type: 'login', id: 'login' } },
 * })
 * ```
 */
export async function createVerifier(options: VerifierOptions): Promise<Verifier> {
  const config = parseOptions(options)
  const { clock, onError } = config
  const keySet = await readKeySetFolder(config.keySet, { allowDevelopment: config.allowDevelopmentKeys })
  const signingKey = await loadSigningKey(config.signingKeyPath)
  const store = await openStore({ path: config.storePath }, { auditKey: signingKey.auditKey, onError })
  const issuers = createIssuerDirectory({ load: config.loadIssuer, now: () => clock().getTime(), onError })
  const queue = createVerificationQueue({ limit: config.verifierPool ? POOL_QUEUE_LIMIT : QUEUE_LIMIT })
  const deployment: Deployment = {
    config,
    store,
    keySet,
    signingKey,
    issuers,
    queue,
    tellOnce: createTellOnce(onError),
  }

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
      await store.close()
    },
  }
}
