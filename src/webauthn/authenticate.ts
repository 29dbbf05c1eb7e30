import { startAuthentication } from '@simplewebauthn/browser'
import { fromBase64url, toBase64url } from '../protocol/bytes.ts'
import { parseAuthenticatorData } from './authenticator-data.ts'
import { CEREMONY_TIMEOUT_MS, runCeremony } from './ceremony.ts'
import { WebAuthnError } from './error.ts'
import { type PrfKey, type PrfSalts, scrubPrf, takePrfKey } from './prf.ts'

/** One enrolled authenticator that may answer. */
export type AllowedCredential = {
  /** Base64url. */
  readonly credentialId: string
  readonly transports: readonly string[]
  readonly prfSalts: PrfSalts
}

export type AuthenticationOptions = {
  readonly rpId: string
  /** What the authenticator signs over: 32 bytes. */
  readonly challenge: Uint8Array
  /** At least one. */
  readonly credentials: readonly AllowedCredential[]
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** A signature by an authenticator over a challenge, with everything needed to check it (WebAuthn Level 3 §7.2). */
export type Assertion = {
  /** Base64url. */
  readonly credentialId: string
  readonly authenticatorData: Uint8Array<ArrayBuffer>
  /** UTF-8 JSON exactly as signed. */
  readonly clientDataJSON: Uint8Array<ArrayBuffer>
  /** ECDSA in DER. */
  readonly signature: Uint8Array<ArrayBuffer>
}

/**
 * One touch that signs and, with `withPrf`, also computes the PRF of whichever authenticator answers.
 * Throws {@link WebAuthnError}: `user_cancelled`, `uv_missing`, `prf_unsupported`, `webauthn_unavailable`,
 * `response_malformed`, `ceremony_failed`.
 */
export async function authenticate(
  options: AuthenticationOptions & { readonly withPrf: true },
): Promise<{ readonly assertion: Assertion; readonly prfKey: PrfKey }>
export async function authenticate(
  options: AuthenticationOptions & { readonly withPrf: false },
): Promise<{ readonly assertion: Assertion }>
export async function authenticate(
  options: AuthenticationOptions & { readonly withPrf: boolean },
): Promise<{ readonly assertion: Assertion; readonly prfKey?: PrfKey }> {
  const { rpId, challenge, credentials, withPrf } = options
  if (credentials.length === 0) throw new WebAuthnError('ceremony_failed', 'no authenticator is enrolled')
  const { id, response, clientExtensionResults } = await runCeremony(options.signal, () =>
    startAuthentication({
      optionsJSON: {
        rpId,
        challenge: toBase64url(challenge),
        allowCredentials: credentials.map(({ credentialId, transports }) => ({
          type: 'public-key',
          id: credentialId,
          transports: transports.filter(isTransport),
        })),
        userVerification: 'required',
        timeout: options.timeoutMs ?? CEREMONY_TIMEOUT_MS,
        ...(withPrf ? { extensions: { prf: { evalByCredential: saltsById(credentials) } } } : {}),
      },
    }),
  )
  try {
    const assertion: Assertion = {
      credentialId: id,
      authenticatorData: fromBase64url(response.authenticatorData),
      clientDataJSON: fromBase64url(response.clientDataJSON),
      signature: fromBase64url(response.signature),
    }
    if (!credentials.some((credential) => credential.credentialId === id)) {
      throw new WebAuthnError('response_malformed', 'another credential answered than those asked for')
    }
    const { userPresent, userVerified } = parseAuthenticatorData(assertion.authenticatorData)
    if (!userVerified) throw new WebAuthnError('uv_missing', 'the authenticator did not verify its user')
    if (!userPresent) throw new WebAuthnError('response_malformed', 'the assertion claims no touch')
    return withPrf ? { assertion, prfKey: await takePrfKey(clientExtensionResults) } : { assertion }
  } finally {
    scrubPrf(clientExtensionResults)
  }
}

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const

/** Transports a later browser may name are left out: they are hints, and an unknown one must not stop the ceremony. */
function isTransport(text: string): text is (typeof TRANSPORTS)[number] {
  return TRANSPORTS.some((transport) => transport === text)
}

/** By credential, for `eval` alone would give two enrolments the same inputs. */
function saltsById(credentials: readonly AllowedCredential[]) {
  return Object.fromEntries(
    credentials.map(({ credentialId, prfSalts }) => [credentialId, { first: prfSalts.first, second: prfSalts.second }]),
  )
}
