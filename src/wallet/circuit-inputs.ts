import { credentialFields, credentialHash } from '../protocol/credential.ts'
import type { Day } from '../protocol/day.ts'
import { deviceCommitment, deviceTag, padDeviceKeys } from '../protocol/device.ts'
import { disclosedClaims, disclosedSignals } from '../protocol/disclosure.ts'
import { type FieldElement, toField } from '../protocol/field.ts'
import { credentialLink, holderCommitment, holderLink, nullifier } from '../protocol/holder.ts'
import { memberSet } from '../protocol/member-set.ts'
import type { Origin } from '../protocol/origin.ts'
import { type CompiledPredicate, MODES } from '../protocol/predicate.ts'
import { presentQuestion } from '../protocol/present-question.ts'
import type { CredentialItem } from '../protocol/query.ts'
import { schemaField } from '../protocol/schema.ts'
import { scopeOf } from '../protocol/scope.ts'
import {
  type IssueSignals,
  issueSignals,
  type LoginSignals,
  loginSignals,
  type PresentSignals,
  presentSignals,
  publicInputs,
} from '../protocol/signals.ts'
import type { WitnessInputs } from '../prover/witness.ts'
import type { HeldCredential } from './held-credential.ts'
import type { Standing } from './standing.ts'
import { WalletError } from './wallet-error.ts'

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
  const signals: IssueSignals = {
    holderCommitment: holderCommitment(holderSecret, holderBlinding),
    issuerTag: nullifier('issuer', holderSecret, issuerScope),
    context,
    issuerScope,
  }
  return { inputs: { ...publicInputs('issue-v1', issueSignals(signals)), holderSecret, holderBlinding }, signals }
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
  const signals: LoginSignals = {
    nullifier: nullifier('login', holderSecret, scope),
    deviceTag: deviceTag(holderSecret, deviceKey, scope),
    deviceCommitment: deviceCommitment(deviceKey, deviceSalt),
    context,
    scope,
  }
  const inputs = { ...publicInputs('login-v1', loginSignals(signals)), holderSecret, deviceKey, deviceSalt }
  return { inputs, signals }
}

export type CredentialFacts = PresentationFacts & {
  /** wn, one for all proofs of the presentation; fresh for each presentation. */
  readonly walletNonce: FieldElement
  /** The request's day. */
  readonly today: Day
  readonly item: CredentialItem
  /** Which of the item's proofs, from 0. */
  readonly part: number
  /** The same in all parts of an item. */
  readonly held: HeldCredential
  readonly standing: Standing
}

/**
 * present-v1: a credential of one of the accepted issuers answers one part of the item. Whether it does is the circuit's
 * to decide; an unsatisfied statement has no proof. Throws as `presentQuestion` and `encodeClaims`, and `cannot_satisfy`
 * where a claim that is to be disclosed is not there.
 */
export function presentStatement(facts: CredentialFacts): Statement<PresentSignals> {
  const { holderSecret, context, walletNonce, deviceKey, deviceSalt, held, standing } = facts
  const { credential, schema } = held
  const { issuersRoot, issuerKey, issuerPath, status } = standing
  const fields = credentialFields(schema, credential)
  const question = presentQuestion({ ...facts, schema, issuersRoot })
  const { predicates, compiled } = question
  const disclosed = disclosedSignals(schema, predicates, disclosedClaims(predicates, credential.claims))
  if (!disclosed) throw new WalletError('cannot_satisfy', 'the credential lacks a claim that is to be disclosed')
  const deviceKeys = padDeviceKeys(held.deviceKeys)
  const { kind, scope } = question.inputs
  const signals: PresentSignals = {
    ...question.inputs,
    nullifier: nullifier(kind, holderSecret, scope),
    link: holderLink(holderSecret, context, walletNonce),
    credentialLink: credentialLink(holderSecret, credentialHash(fields), context, walletNonce),
    deviceCommitment: deviceCommitment(deviceKey, deviceSalt),
    disclosed,
  }
  const inputs: WitnessInputs = {
    ...publicInputs('present-v1', presentSignals(signals)),
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
    keyNotBefore: BigInt(issuerKey.notBefore),
    keyNotAfter: BigInt(issuerKey.notAfter),
    issuerPath: issuerPath.flat(),
    statusLeaf: status.leaf,
    statusPath: status.path.flat(),
    schema: schemaField(schema),
    slots: compiled.map(({ slot }) => BigInt(slot)),
    modes: compiled.map(({ mode }) => BigInt(mode)),
    negates: compiled.map(({ negate }) => (negate ? 1n : 0n)),
    lows: compiled.map(({ low }) => low),
    highs: compiled.map(({ high }) => high),
    ...setInputs(compiled, fields.claims),
  }
  return { inputs, signals }
}

/** Where no question is about a set the circuit still wants the path of some gap; its root counts for nothing there. */
const SOME_SET = memberSet([toField(0)])

function setInputs(compiled: readonly CompiledPredicate[], claims: readonly FieldElement[]): WitnessInputs {
  const asked = compiled.find(({ mode }) => mode === MODES.SET)
  const set = asked?.set
  const claim = claims[asked?.slot ?? 0] ?? toField(0)
  const { member, next, path } = (set ?? SOME_SET).gap(claim)
  return { setRoot: set?.root ?? 0n, setMember: member, setNext: next, setPath: path.flat() }
}
