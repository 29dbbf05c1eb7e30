import { credentialFields, credentialHash } from '../protocol/credential.ts'
import type { Day } from '../protocol/day.ts'
import { deviceCommitment, deviceTag, padDeviceKeys } from '../protocol/device.ts'
import { type FieldElement, toField } from '../protocol/field.ts'
import { credentialLink, holderCommitment, holderLink, nullifier } from '../protocol/holder.ts'
import { issuerLeaf } from '../protocol/issuer.ts'
import type { Origin } from '../protocol/origin.ts'
import { compilePredicates, MODES, queryHash } from '../protocol/predicate.ts'
import { actionOf, type CredentialItem, kindOf } from '../protocol/query.ts'
import { schemaField } from '../protocol/schema.ts'
import { KINDS, scopeOf } from '../protocol/scope.ts'
import type { IssueSignals, LoginSignals, PresentSignals } from '../protocol/signals.ts'
import type { WitnessInputs } from '../prover/witness.ts'
import type { HeldCredential } from './held-credential.ts'

/**
 * A statement ready to be proved: the circuit's inputs by signal name, and every public signal as computed here, which
 * the finished proof must verify for.
 */
export type Statement<Signals> = { readonly inputs: WitnessInputs; readonly signals: Signals }

/** issue-v1: the holder commitment and the issuer's tag come from one secret. */
export function issueStatement(facts: {
  readonly holderSecret: FieldElement
  /** β, fresh for each credential. */
  readonly holderBlinding: FieldElement
  /** `issuanceContext` of the offer. */
  readonly context: FieldElement
  readonly issuer: Origin
}): Statement<IssueSignals> {
  const { holderSecret, holderBlinding, context } = facts
  const issuerScope = scopeOf('issuer', facts.issuer)
  return {
    inputs: { context, issuerScope, holderSecret, holderBlinding },
    signals: {
      holderCommitment: holderCommitment(holderSecret, holderBlinding),
      issuerTag: nullifier('issuer', holderSecret, issuerScope),
      context,
      issuerScope,
    },
  }
}

/** What all proofs of one presentation share. */
export type PresentationFacts = {
  readonly holderSecret: FieldElement
  /** ctx of the verified request. */
  readonly context: FieldElement
  /** The relying party, from the browser. */
  readonly origin: Origin
  /** q̂ of the authenticator that answered. */
  readonly deviceKey: FieldElement
  /** ρ, one for all proofs of the presentation, so that comQ is equal in them; fresh for each presentation. */
  readonly deviceSalt: FieldElement
}

/** login-v1: the holder's pseudonym at this origin, and the tag of the authenticator there. */
export function loginStatement(facts: PresentationFacts): Statement<LoginSignals> {
  const { holderSecret, context, deviceKey, deviceSalt } = facts
  const scope = scopeOf('login', facts.origin)
  return {
    inputs: { context, scope, holderSecret, deviceKey, deviceSalt },
    signals: {
      nullifier: nullifier('login', holderSecret, scope),
      deviceTag: deviceTag(holderSecret, deviceKey, scope),
      deviceCommitment: deviceCommitment(deviceKey, deviceSalt),
      context,
      scope,
    },
  }
}

export type CredentialFacts = PresentationFacts & {
  /** wn, one for all proofs of the presentation; fresh for each presentation. */
  readonly walletNonce: FieldElement
  /** The request's day. */
  readonly today: Day
  readonly item: CredentialItem
  readonly held: HeldCredential
}

/**
 * present-v1: a credential of this issuer answers the item. Whether it does is the circuit's to decide; an unsatisfied
 * statement has no proof. Throws as `compilePredicates` and `encodeClaims`.
 */
export function presentStatement(facts: CredentialFacts): Statement<PresentSignals> {
  const { holderSecret, context, walletNonce, today, deviceKey, deviceSalt, item, held } = facts
  const { credential, schema, issuerKey } = held
  const fields = credentialFields(schema, credential)
  const predicates = compilePredicates(schema, item.predicates)
  const deviceKeys = padDeviceKeys(held.deviceKeys)
  const kind = kindOf(item)
  const scope = scopeOf(kind, facts.origin, actionOf(item))
  const signals: PresentSignals = {
    nullifier: nullifier(kind, holderSecret, scope),
    link: holderLink(holderSecret, context, walletNonce),
    credentialLink: credentialLink(holderSecret, credentialHash(fields), context, walletNonce),
    deviceCommitment: deviceCommitment(deviceKey, deviceSalt),
    disclosed: predicates.map(({ mode, slot }) => (mode === MODES.DISCLOSE && fields.claims[slot]) || toField(0)),
    context,
    walletNonce,
    today,
    issuedBefore: item.issuedBefore ?? today,
    issuersRoot: issuerLeaf(issuerKey),
    queryHash: queryHash(schema, predicates),
    kind,
    scope,
  }
  const inputs: WitnessInputs = {
    context,
    walletNonce,
    today: BigInt(today),
    issuedBefore: BigInt(signals.issuedBefore),
    issuersRoot: signals.issuersRoot,
    queryHash: signals.queryHash,
    kind: BigInt(KINDS[kind]),
    scope,
    holderSecret,
    holderBlinding: held.holderBlinding,
    claims: fields.claims,
    presenceMask: BigInt(fields.presenceMask),
    validFrom: BigInt(fields.validFrom),
    validUntil: BigInt(fields.validUntil),
    issuedAt: BigInt(fields.issuedAt),
    revocationId: BigInt(fields.revocationId),
    deviceKeys,
    deviceSelector: deviceKeys.map((_, place) => (place === held.deviceKeys.indexOf(deviceKey) ? 1n : 0n)),
    deviceKeysSalt: held.deviceKeysSalt,
    deviceSalt,
    issuerKey: issuerKey.point,
    signatureR8: credential.signature.r8,
    signatureS: credential.signature.s,
    revocationRoot: issuerKey.revocationRoot,
    keyNotBefore: BigInt(issuerKey.notBefore),
    keyNotAfter: BigInt(issuerKey.notAfter),
    schema: schemaField(schema),
    slots: predicates.map(({ slot }) => BigInt(slot)),
    modes: predicates.map(({ mode }) => BigInt(mode)),
    negates: predicates.map(({ negate }) => (negate ? 1n : 0n)),
    lows: predicates.map(({ low }) => low),
    highs: predicates.map(({ high }) => high),
  }
  return { inputs, signals }
}
