import { z } from 'zod'
import { fromBase64url, toBase64url } from '../protocol/bytes.ts'
import type { DevicePublicKey } from '../protocol/device.ts'
import { canonicalJson } from '../protocol/digest.ts'
import { base64urlOf, parse, secondsShape } from '../protocol/parse.ts'
import type { FileMacKey } from './derive.ts'
import { VaultError } from './error.ts'
import { KEY_CHECK_BYTES, PRF_SALT_BYTES, type PrfSalts } from './prf-wrap.ts'

export const VAULT_VERSION = 1

/** An authenticator as the vault keeps it in clear: enough to ask for its touch, nothing that opens anything. */
export type EnrolledAuthenticator = {
  /** Base64url. */
  readonly credentialId: string
  /** The person's own name for it; 1 to 64 characters. */
  readonly label: string
  readonly transports: readonly string[]
  /** UUID of the model. */
  readonly aaguid: string
  /** True for a synchronised passkey, which is no hardware-only key. */
  readonly backupEligible: boolean
  readonly publicKey: DevicePublicKey
  readonly prfSalts: PrfSalts
  /** Unix seconds. */
  readonly enrolledAt: number
}

const enrolmentShape = z.strictObject({
  credentialId: z.string().regex(/^[A-Za-z0-9_-]{1,1366}$/),
  label: z.string().min(1).max(64),
  transports: z.array(z.string().max(32)).max(8),
  aaguid: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  backupEligible: z.boolean(),
  publicKey: z.strictObject({ x: base64urlOf(32), y: base64urlOf(32) }),
  prfSalts: z.strictObject({ first: base64urlOf(PRF_SALT_BYTES), second: base64urlOf(PRF_SALT_BYTES) }),
  enrolledAt: secondsShape,
  recipient: z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/),
  keyCheck: base64urlOf(KEY_CHECK_BYTES),
  masterTag: base64urlOf(32),
})

const vaultFileShape = z.strictObject({
  format: z.literal('touchstone-vault'),
  version: z.literal(VAULT_VERSION),
  enrolments: z.array(enrolmentShape).min(1).max(32),
  sealed: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(65_536),
  mac: base64urlOf(32),
})

/** One enrolment as JSON; bytes are base64url. */
export type Enrolment = z.infer<typeof enrolmentShape>

/** The vault as one JSON document, written whole: clear list of authenticators, sealed age file, MAC over both. */
export type VaultFile = z.infer<typeof vaultFileShape>

/** Parses what storage returned. Throws `vault_version` for a later version, `vault_malformed` for anything else. */
export function parseVaultFile(value: unknown): VaultFile {
  if (typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > VAULT_VERSION) {
    throw new VaultError('vault_version', 'the vault was written by a later version of the wallet')
  }
  try {
    return parse(vaultFileShape, value, 'vault_malformed')
  } catch (cause) {
    throw new VaultError('vault_malformed', 'the stored vault is no vault file', { cause })
  }
}

/** The file with its MAC: HMAC-SHA-256 over the canonical JSON of every other member. */
export async function signVaultFile(
  macKey: FileMacKey,
  enrolments: Enrolment[],
  sealed: Uint8Array,
): Promise<VaultFile> {
  const unsigned = {
    format: 'touchstone-vault',
    version: VAULT_VERSION,
    enrolments,
    sealed: toBase64url(sealed),
  } as const
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', macKey, canonicalJson(unsigned)))
  return { ...unsigned, mac: toBase64url(mac) }
}

/** Throws `vault_tampered` unless the MAC is of exactly this file. */
export async function checkVaultFile(macKey: FileMacKey, file: VaultFile): Promise<void> {
  const { mac, ...unsigned } = file
  const genuine = await crypto.subtle.verify('HMAC', macKey, decode(mac), canonicalJson(unsigned))
  if (!genuine) throw new VaultError('vault_tampered', 'the vault file is not as the vault wrote it')
}

/** The part of an enrolment that a ceremony needs. Throws `vault_malformed`. */
export function authenticatorOf(enrolment: Enrolment): EnrolledAuthenticator {
  const { credentialId, label, transports, aaguid, backupEligible, publicKey, prfSalts, enrolledAt } = enrolment
  return {
    credentialId,
    label,
    transports,
    aaguid,
    backupEligible,
    publicKey: { x: integer(publicKey.x), y: integer(publicKey.y) },
    prfSalts: { first: decode(prfSalts.first), second: decode(prfSalts.second) },
    enrolledAt,
  }
}

/** Bytes of a member whose shape is parsed. Throws `vault_malformed` for stray bits in the last character. */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64url(text)
  } catch (cause) {
    throw new VaultError('vault_malformed', 'the vault file holds base64url that is not canonical', { cause })
  }
}

function integer(text: string): bigint {
  return decode(text).reduce((value, byte) => value * 256n + BigInt(byte), 0n)
}
