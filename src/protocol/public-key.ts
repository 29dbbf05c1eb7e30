import type { JWK } from 'jose'
import { z } from 'zod'
import { base64urlOf } from './parse.ts'

/** A published P-256 key that signs JWS by ES256 (RFC 7517, RFC 7518), named by its `kid`. */
export type PublicKey = JWK & { readonly kid: string }

/** The JSON form of a {@link PublicKey}: no private member, and no algorithm but ES256. */
export const publicKeyShape = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64urlOf(32),
  y: base64urlOf(32),
  kid: z.string().min(1).max(64),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
})
