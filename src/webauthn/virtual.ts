/** Options of the DevTools protocol's `WebAuthn.addVirtualAuthenticator`, as far as the profiles use them. */
export type VirtualAuthenticatorOptions = {
  readonly protocol: 'ctap2'
  readonly ctap2Version: 'ctap2_0' | 'ctap2_1'
  readonly transport: 'usb' | 'internal'
  readonly hasResidentKey: boolean
  readonly hasUserVerification: boolean
  readonly isUserVerified: boolean
  readonly automaticPresenceSimulation: boolean
  readonly hasPrf?: boolean
  readonly hasHmacSecret?: boolean
  readonly defaultBackupEligibility?: boolean
  readonly defaultBackupState?: boolean
}

const SECURITY_KEY = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'usb',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const satisfies VirtualAuthenticatorOptions

/**
 * Authenticators for Chromium's DevTools protocol, for tests and the demo. An authenticator belongs to the one tab it
 * was added to. `hasPrf` together with `hasHmacSecretMc` crashes Chromium 156, so no profile has both.
 */
export const VIRTUAL_AUTHENTICATORS = {
  /** A current security key: USB, PIN, PRF. */
  securityKey: { ...SECURITY_KEY, hasPrf: true },
  /** A passkey of the computer or phone itself, synchronised to other devices. */
  platform: {
    ...SECURITY_KEY,
    transport: 'internal',
    hasPrf: true,
    defaultBackupEligibility: true,
    defaultBackupState: true,
  },
  /** A security key from before hmac-secret: signs, but opens no wallet. */
  withoutPrf: { ...SECURITY_KEY, ctap2Version: 'ctap2_0' },
  /** A key that has hmac-secret by its own name only. */
  hmacSecretOnly: { ...SECURITY_KEY, hasHmacSecret: true },
  /** A current key whose user fails the PIN. */
  userNotVerified: { ...SECURITY_KEY, hasPrf: true, isUserVerified: false },
  /** A current key that has neither PIN nor biometrics. */
  withoutUserVerification: { ...SECURITY_KEY, hasPrf: true, hasUserVerification: false, isUserVerified: false },
  /** A current key that nobody touches. */
  untouched: { ...SECURITY_KEY, hasPrf: true, automaticPresenceSimulation: false },
} as const satisfies Record<string, VirtualAuthenticatorOptions>

export type VirtualAuthenticatorProfile = keyof typeof VIRTUAL_AUTHENTICATORS
