import { z } from 'zod'
import { fromBase64url, toBase64url } from './bytes.ts'
import type { Claims } from './claim.ts'
import { claimsShape } from './credential.ts'
import { encodeField, type FieldElement } from './field.ts'
import type { Origin } from './origin.ts'
import { base64urlOf, fieldShape, identifierShape, originShape, parse } from './parse.ts'
import { PROOF_BYTES } from './proof.ts'
import { MAX_ITEM_ISSUERS, MAX_ITEMS, MAX_PROOFS } from './query.ts'

/** The largest presentation a verifier reads, in bytes of JSON. */
export const MAX_PRESENTATION_BYTES = 16_384

/** Each item may name issuers that no other does. */
const MAX_EPOCHS_NAMED = MAX_ITEMS * MAX_ITEM_ISSUERS

const proofShape = z
  .string()
  .length(Math.ceil((PROOF_BYTES * 8) / 6))
  .transform((text, context): Uint8Array<ArrayBuffer> => {
    try {
      return fromBase64url(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not base64url' })
      return z.NEVER
    }
  })

const answerShape = z.discriminatedUnion('circuit', [
  z.strictObject({
    circuit: z.literal('login-v1'),
    /** The item of the query that it answers. */
    item: z.string().max(32),
    proof: proofShape,
    nullifier: fieldShape,
    deviceTag: fieldShape,
    deviceCommitment: fieldShape,
  }),
  z.strictObject({
    circuit: z.literal('present-v1'),
    item: z.string().max(32),
    /** Which of the item's proofs, from 0. */
    part: z
      .int()
      .min(0)
      .max(MAX_PROOFS - 1),
    proof: proofShape,
    nullifier: fieldShape,
    link: fieldShape,
    credentialLink: fieldShape,
    deviceCommitment: fieldShape,
    /** Values of the claims that `$sd` asked for, by name. */
    disclosed: claimsShape,
  }),
])

const presentationShape = z.strictObject({
  version: z.literal(1),
  session: identifierShape,
  /** wn: fresh for each presentation. */
  walletNonce: fieldShape,
  /** Hash of the key set the proofs were made under. */
  keySet: base64urlOf(32),
  /** Which epoch of its status list each issuer of the answered items stands with. */
  epochs: z.array(z.strictObject({ issuer: originShape, epoch: z.int().min(1) })).max(MAX_EPOCHS_NAMED),
  answers: z.array(answerShape).min(1).max(MAX_PROOFS),
})

/** One proof and what its prover computed. Everything else the verifier builds from its own session. */
export type Answer = {
  readonly item: string
  /** 128 bytes, see proof.ts. */
  readonly proof: Uint8Array<ArrayBuffer>
  readonly nullifier: FieldElement
  readonly deviceCommitment: FieldElement
} & (
  | { readonly circuit: 'login-v1'; readonly deviceTag: FieldElement }
  | {
      readonly circuit: 'present-v1'
      readonly part: number
      readonly link: FieldElement
      readonly credentialLink: FieldElement
      readonly disclosed: Claims
    }
)

/** What a wallet posts to a relying party. */
export type Presentation = {
  readonly version: 1
  readonly session: string
  readonly walletNonce: FieldElement
  readonly keySet: string
  /**
   * For every issuer that the answered items name, not for the credential's alone: which one issued it stays hidden.
   */
  readonly epochs: readonly { readonly issuer: Origin; readonly epoch: number }[]
  readonly answers: readonly Answer[]
}

/** Throws `presentation_invalid`. */
export function parsePresentation(value: unknown): Presentation {
  return parse(presentationShape, value, 'presentation_invalid')
}

/** The JSON form; inverse of {@link parsePresentation}. */
export function serializePresentation(presentation: Presentation) {
  return {
    version: presentation.version,
    session: presentation.session,
    walletNonce: encodeField(presentation.walletNonce),
    keySet: presentation.keySet,
    epochs: presentation.epochs,
    answers: presentation.answers.map((answer) => {
      const shared = {
        item: answer.item,
        proof: toBase64url(answer.proof),
        nullifier: encodeField(answer.nullifier),
        deviceCommitment: encodeField(answer.deviceCommitment),
      }
      return answer.circuit === 'login-v1'
        ? { circuit: answer.circuit, ...shared, deviceTag: encodeField(answer.deviceTag) }
        : {
            circuit: answer.circuit,
            ...shared,
            part: answer.part,
            link: encodeField(answer.link),
            credentialLink: encodeField(answer.credentialLink),
            disclosed: answer.disclosed,
          }
    }),
  }
}
