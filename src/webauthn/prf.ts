import { WebAuthnError } from './error.ts'

/**
 * What an authenticator computes for one enrolment: HKDF input key material of 64 bytes (both evaluations), not
 * extractable. The vault takes a key of this shape.
 */
export type PrfKey = CryptoKey & { readonly __brand: 'PrfKey' }

/** The two inputs of one enrolment, 32 random bytes each, kept in clear. */
export type PrfSalts = { readonly first: Uint8Array<ArrayBuffer>; readonly second: Uint8Array<ArrayBuffer> }

/** Bytes of one PRF evaluation and of one salt. */
export const PRF_BYTES = 32

/** The part of a response's extension results that concerns PRF. */
type PrfResults = { first: ArrayBuffer | ArrayBufferView; second?: ArrayBuffer | ArrayBufferView }
type ExtensionResults = { prf?: { enabled?: boolean; results?: PrfResults } }

/**
 * Takes the PRF results out of a response: imports both evaluations as one non-extractable key, fills every buffer
 * with zeros and deletes the member, for a response's `toJSON()` or a log would otherwise carry the secret away.
 * Throws `prf_unsupported` where a result is missing, not 32 bytes, all zeros, or where both are equal (a browser that
 * ignores the second input).
 */
export async function takePrfKey(extensionResults: ExtensionResults): Promise<PrfKey> {
  const results = extensionResults.prf?.results
  const first = results?.first ? bytesOf(results.first) : undefined
  const second = results?.second ? bytesOf(results.second) : undefined
  const material = new Uint8Array(2 * PRF_BYTES)
  try {
    if (first?.length !== PRF_BYTES || second?.length !== PRF_BYTES) {
      throw new WebAuthnError('prf_unsupported', 'the authenticator gave no PRF output of twice 32 bytes')
    }
    if (isZero(first) || isZero(second) || first.every((byte, i) => byte === second[i])) {
      throw new WebAuthnError('prf_unsupported', 'the browser gave PRF output that cannot be right')
    }
    material.set(first)
    material.set(second, PRF_BYTES)
    const key = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits'])
    return key as PrfKey
  } finally {
    material.fill(0)
    scrubPrf(extensionResults)
  }
}

/** Fills PRF results with zeros and deletes them. For responses whose PRF output must not be used (registration). */
export function scrubPrf(extensionResults: ExtensionResults): void {
  const results = extensionResults.prf?.results
  if (results?.first) bytesOf(results.first).fill(0)
  if (results?.second) bytesOf(results.second).fill(0)
  delete extensionResults.prf
}

function bytesOf(source: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
