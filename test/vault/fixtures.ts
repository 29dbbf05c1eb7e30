import type { Clock, NewAuthenticator, PrfKey } from '../../src/vault/index.ts'

/** Bytes that stand for the PRF output of one authenticator. */
export async function prfKeyOf(first: Uint8Array, second: Uint8Array): Promise<PrfKey> {
  const bytes = new Uint8Array([...first, ...second])
  // The brand says what the bytes are; WebCrypto knows it as an HKDF key.
  return (await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits'])) as PrfKey
}

export const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte)

export const prfOf = (byte: number) => prfKeyOf(filled(byte), filled(byte + 1))

export function authenticator(name: string, changes: Partial<NewAuthenticator> = {}): NewAuthenticator {
  return {
    credentialId: name,
    label: `key ${name}`,
    transports: ['usb'],
    aaguid: '00000000-0000-0000-0000-000000000000',
    backupEligible: false,
    publicKey: { x: 1n, y: 2n ** 255n },
    prfSalts: { first: filled(0x51), second: filled(0x52) },
    ...changes,
  }
}

/** Time that passes only when told to. `sleep` passes it without the timers, as a suspended machine does. */
export function manualClock(): Clock & { pass(milliseconds: number): void; sleep(milliseconds: number): void } {
  let now = 1_700_000_000_000
  const timers = new Map<() => void, number>()
  return {
    now: () => now,
    after(milliseconds, callback) {
      timers.set(callback, now + milliseconds)
      return () => timers.delete(callback)
    },
    pass(milliseconds) {
      now += milliseconds
      for (const [callback, due] of timers) {
        if (due > now) continue
        timers.delete(callback)
        callback()
      }
    },
    sleep(milliseconds) {
      now += milliseconds
    },
  }
}
