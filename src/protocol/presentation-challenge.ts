import { concatBytes } from '@noble/hashes/utils.js'
import { fromBase64url } from './bytes.ts'
import { DIGEST_TAGS, digest } from './digest.ts'
import { type FieldElement, fieldToBytes } from './field.ts'

/**
 * W, the WebAuthn challenge of a presentation: SHA-256 over the context, the wallet nonce, the commitment to the device
 * key and the key set. All are known before the touch, so one touch can sign and unlock. 32 bytes.
 */
export function presentationChallenge(parts: {
  context: FieldElement
  walletNonce: FieldElement
  deviceCommitment: FieldElement
  /** Key-set hash, base64url of 32 bytes. */
  keySet: string
}): Uint8Array<ArrayBuffer> {
  const { context, walletNonce, deviceCommitment, keySet } = parts
  const fields = [context, walletNonce, deviceCommitment].map(fieldToBytes)
  return digest(DIGEST_TAGS.presentationChallenge, concatBytes(...fields, fromBase64url(keySet)))
}
