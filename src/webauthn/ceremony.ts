import { browserSupportsWebAuthn, WebAuthnAbortService } from '@simplewebauthn/browser'
import { toWebAuthnError, WebAuthnError } from './error.ts'

/** Two minutes: time to find a key and type a PIN. */
export const CEREMONY_TIMEOUT_MS = 120_000

/**
 * Runs one WebAuthn ceremony under the caller's signal and gives every failure its name. SimpleWebAuthn owns the
 * signal given to the browser (one ceremony at a time, a new one cancels the old), so ours is forwarded to it.
 * Throws {@link WebAuthnError}.
 */
export async function runCeremony<T>(signal: AbortSignal | undefined, start: () => Promise<T>): Promise<T> {
  if (!browserSupportsWebAuthn()) throw new WebAuthnError('webauthn_unavailable', 'this browser has no WebAuthn')
  if (signal?.aborted) throw new WebAuthnError('user_cancelled', 'cancelled before the ceremony began')
  const cancel = () => WebAuthnAbortService.cancelCeremony()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await start()
  } catch (cause) {
    throw toWebAuthnError(cause)
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
