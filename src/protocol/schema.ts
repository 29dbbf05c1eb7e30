import { z } from 'zod'
import { toBase64url } from './bytes.ts'
import { canonicalJson, DIGEST_TAGS, digest, digestToField } from './digest.ts'
import type { FieldElement } from './field.ts'
import { parse, shownText } from './parse.ts'

/** Claim slots of every credential. */
export const CLAIM_SLOTS = 16

/** Types of a claim; `date` is a day, `country` a code of ISO 3166-1 alpha-2. */
export const CLAIM_TYPES = ['integer', 'date', 'boolean', 'string', 'country'] as const

/** How a claim is encoded (claim.ts) and which predicates make sense on it (predicate.ts). */
export type ClaimType = (typeof CLAIM_TYPES)[number]

/** A claim's name, in schemas, predicates and credentials alike. */
export const claimNameShape = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/)

const schemaShape = z
  .strictObject({
    version: z.literal(1),
    /** Names the kind of credential, such as `Person`. */
    name: shownText(64),
    claims: z
      .array(
        z.strictObject({
          name: claimNameShape,
          slot: z
            .int()
            .min(0)
            .max(CLAIM_SLOTS - 1),
          type: z.enum(CLAIM_TYPES),
          /** Words for people, such as `Birth date`. */
          title: shownText(64),
          /** Hidden behind a press in the wallet. */
          sensitive: z.boolean(),
          required: z.boolean(),
        }),
      )
      .min(1)
      .max(CLAIM_SLOTS),
  })
  .refine((schema) => new Set(schema.claims.map((claim) => claim.name)).size === schema.claims.length, 'names repeat')
  .refine((schema) => new Set(schema.claims.map((claim) => claim.slot)).size === schema.claims.length, 'slots repeat')

/** A schema: which named claims a credential has, in which slot and of which type. Data, published by its issuer. */
export type Schema = z.infer<typeof schemaShape>

/** One claim as a schema defines it. */
export type SchemaClaim = Schema['claims'][number]

/** Throws `schema_invalid`. */
export function parseSchema(value: unknown): Schema {
  return parse(schemaShape, value, 'schema_invalid')
}

/** The schema's name in messages: base64url of SHA-256 over its canonical form. */
export function schemaHash(schema: Schema): string {
  return digestsOf(schema).hash
}

/** The schema in a circuit: F of the same bytes. */
export function schemaField(schema: Schema): FieldElement {
  return digestsOf(schema).field
}

type Digests = { readonly hash: string; readonly field: FieldElement }

/** A schema is never altered; it is asked for its hash with every presentation. */
const known = new WeakMap<Schema, Digests>()

function digestsOf(schema: Schema): Digests {
  const found = known.get(schema)
  if (found) return found
  const bytes = canonicalJson(schema)
  const digests = {
    hash: toBase64url(digest(DIGEST_TAGS.schema, bytes)),
    field: digestToField(DIGEST_TAGS.schema, bytes),
  }
  known.set(schema, digests)
  return digests
}
