import { type RegistrationResponseJSON, startRegistration } from '@simplewebauthn/browser'
import { fromBase64url, toBase64url } from '../protocol/bytes.ts'
import type { DevicePublicKey } from '../protocol/device.ts'
import { parseAuthenticatorData } from './authenticator-data.ts'
import { CEREMONY_TIMEOUT_MS, runCeremony } from './ceremony.ts'
import { devicePublicKeyFromSpki } from './device-key.ts'
import { WebAuthnError } from './error.ts'
import { type PrfSalts, scrubPrf } from './prf.ts'

export type Hint = 'security-key' | 'client-device' | 'hybrid'

export type RegistrationOptions = {
  /** The wallet's host name. */
  readonly rpId: string
  readonly rpName: string
  /** 1 to 64 random bytes; names no person. */
  readonly userHandle: Uint8Array
  /** What the authenticator's own list shows for this wallet. */
  readonly userName: string
  /** At least 16 bytes; what an issuer's check of the attestation expects. */
  readonly challenge: Uint8Array
  /** The salts this enrolment will use; sent at creation because one platform fails on an empty `prf`. */
  readonly prfSalts: PrfSalts
  /** Credential ids (base64url) of authenticators that are enrolled already. */
  readonly excludeCredentialIds?: readonly string[]
  /** `direct` shows an issuer the authenticator's model; the default asks for nothing. */
  readonly attestation?: 'none' | 'direct'
  /** What the browser's dialogue puts first. Default: the security key; others stay possible. */
  readonly hints?: readonly Hint[]
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** A new authenticator. Whether its PRF works is known only after the first authentication. */
export type Registration = {
  /** Base64url. */
  readonly credentialId: string
  readonly publicKey: DevicePublicKey
  readonly transports: readonly string[]
  /** UUID of the model; all zeros where the authenticator does not say. */
  readonly aaguid: string
  readonly backupEligible: boolean
  readonly backedUp: boolean
  /** For an issuer's check of the attestation. Holds no PRF member. */
  readonly response: RegistrationResponseJSON
}

/**
 * Makes an ES256 key of the wallet's own on an authenticator, with user verification (WebAuthn Level 3 §7.1).
 * Throws {@link WebAuthnError}: `user_cancelled`, `uv_missing`, `prf_unsupported` (it said so at creation),
 * `authenticator_invalid_state` (enrolled already), `algorithm_unsupported`, `webauthn_unavailable`,
 * `response_malformed`, `ceremony_failed`.
 */
export async function registerAuthenticator(options: RegistrationOptions): Promise<Registration> {
  const { rpId, rpName, userHandle, userName, challenge, prfSalts, excludeCredentialIds = [] } = options
  const response = await runCeremony(options.signal, () =>
    startRegistration({
      optionsJSON: {
        rp: { id: rpId, name: rpName },
        user: { id: toBase64url(userHandle), name: userName, displayName: userName },
        challenge: toBase64url(challenge),
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        excludeCredentials: excludeCredentialIds.map((id) => ({ type: 'public-key', id })),
        // Preferred, not discouraged: one mobile platform gives keys that are not discoverable no PRF.
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: options.attestation ?? 'none',
        hints: [...(options.hints ?? (['security-key'] as const))],
        timeout: options.timeoutMs ?? CEREMONY_TIMEOUT_MS,
        extensions: { prf: { eval: { first: prfSalts.first, second: prfSalts.second } } },
      },
    }),
  )
  const prfEnabled = response.clientExtensionResults.prf?.enabled
  scrubPrf(response.clientExtensionResults)
  const { authenticatorData, publicKey } = response.response
  if (!authenticatorData || !publicKey) {
    throw new WebAuthnError('response_malformed', 'the browser gave no public key or no authenticator data')
  }
  const parsed = parseAuthenticatorData(fromBase64url(authenticatorData))
  if (!parsed.aaguid) throw new WebAuthnError('response_malformed', 'the registration attests no credential')
  if (!parsed.userVerified) throw new WebAuthnError('uv_missing', 'the authenticator did not verify its user')
  // Only a plain "no" ends it here: some browsers leave `enabled` out, and then the first authentication decides.
  if (prfEnabled === false) throw new WebAuthnError('prf_unsupported', 'the authenticator has no PRF')
  return {
    credentialId: response.id,
    publicKey: await devicePublicKeyFromSpki(fromBase64url(publicKey)),
    transports: response.response.transports ?? [],
    aaguid: parsed.aaguid,
    backupEligible: parsed.backupEligible,
    backedUp: parsed.backedUp,
    response,
  }
}
