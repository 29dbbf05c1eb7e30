import { type Claims, encodeClaim } from '../protocol/claim.ts'
import { ProtocolError } from '../protocol/error.ts'
import { type FieldElement, toField } from '../protocol/field.ts'
import { type IssuerKey, type IssuerMetadata, issuerLeaf } from '../protocol/issuer.ts'
import type { Origin } from '../protocol/origin.ts'
import { compilePredicates, PREDICATE_SLOTS, type Predicate, queryHash } from '../protocol/predicate.ts'
import type { Answer } from '../protocol/presentation.ts'
import { actionOf, type CredentialItem, kindOf } from '../protocol/query.ts'
import { type Schema, schemaHash } from '../protocol/schema.ts'
import { scopeOf } from '../protocol/scope.ts'
import { presentSignals } from '../protocol/signals.ts'
import type { Check, Refusal } from './check.ts'
import type { PresentationInput } from './presentation-input.ts'

/** Issuer keys that one item may be answered under; each costs a verification in the worst case. */
export const MAX_ISSUER_KEYS = 16

type CredentialInput = Pick<PresentationInput, 'presentation' | 'request' | 'context' | 'issuers'>

/**
 * The public signals of a credential answer, once for each key that may have signed the credential. Which one did is
 * found by trying: an issuer set has one member in this version (circuits/README.md, present-v1, line 4). Whether the key was
 * valid when it signed is proved in the circuit.
 */
export function prepareCredentialAnswer(
  answer: Extract<Answer, { circuit: 'present-v1' }>,
  item: CredentialItem,
  { presentation, request, context, issuers }: CredentialInput,
): Check | Refusal {
  const known = [...new Set(item.issuers)].map(issuers).filter((metadata) => metadata !== undefined)
  if (known.length === 0) return { status: 'ISSUER_UNKNOWN' }
  const schema = findSchema(known, item.schema)
  if (!schema) return { status: 'SCHEMA_UNKNOWN' }
  const signers = keysFor(known, item.schema)
  if (signers.length > MAX_ISSUER_KEYS) return { status: 'ISSUER_KEYS_TOO_MANY' }
  const disclosed = encodeDisclosed(schema, item.predicates, answer.disclosed)
  if (!disclosed) return { status: 'DISCLOSURE_MISMATCH' }

  const kind = kindOf(item)
  const shared = {
    nullifier: answer.nullifier,
    link: answer.link,
    credentialLink: answer.credentialLink,
    deviceCommitment: answer.deviceCommitment,
    disclosed,
    context,
    walletNonce: presentation.walletNonce,
    today: request.today,
    issuedBefore: item.issuedBefore ?? request.today,
    queryHash: queryHash(schema, compilePredicates(schema, item.predicates)),
    kind,
    scope: scopeOf(kind, request.iss, actionOf(item)),
  }
  const candidates = signers.map(({ issuer, key }) => ({
    signals: presentSignals({ ...shared, issuersRoot: issuerLeaf(key) }),
    answer: {
      type: item.type,
      item: item.id,
      nullifier: answer.nullifier,
      issuer,
      schema: item.schema,
      disclosed: answer.disclosed,
    },
  }))
  return { proof: answer.proof, candidates }
}

function findSchema(issuers: readonly IssuerMetadata[], hash: string): Schema | undefined {
  return issuers.flatMap((metadata) => metadata.schemas).find((schema) => schemaHash(schema) === hash)
}

/** Keys of the issuers that publish the schema: one that does not would not have signed such a credential. */
function keysFor(issuers: readonly IssuerMetadata[], schema: string): { issuer: Origin; key: IssuerKey }[] {
  return issuers
    .filter((metadata) => metadata.schemas.some((published) => schemaHash(published) === schema))
    .flatMap((metadata) => metadata.keys.map((key) => ({ issuer: metadata.origin, key })))
}

/**
 * The encoded claim in the place of each `$sd`, 0 elsewhere. Undefined unless the claims are exactly those asked for,
 * each of its type: an extra one would be believed without proof.
 */
function encodeDisclosed(schema: Schema, predicates: readonly Predicate[], claims: Claims): FieldElement[] | undefined {
  const asked = new Set(predicates.filter(({ op }) => op === '$sd').map(({ claim }) => claim))
  const given = Object.keys(claims)
  if (given.length !== asked.size || !given.every((name) => asked.has(name))) return undefined
  const places = Array.from({ length: PREDICATE_SLOTS }, () => toField(0))
  for (const [place, { op, claim: name }] of predicates.entries()) {
    if (op !== '$sd') continue
    const type = schema.claims.find((claim) => claim.name === name)?.type
    const value = claims[name]
    if (type === undefined || value === undefined) return undefined
    const encoded = encodeOrUndefined(() => encodeClaim(type, value))
    if (encoded === undefined) return undefined
    places[place] = encoded
  }
  return places
}

function encodeOrUndefined(encode: () => FieldElement): FieldElement | undefined {
  try {
    return encode()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
