import { type FieldElement, toField } from './field.ts'
import { poseidonTagged } from './poseidon.ts'
import { KINDS, type Kind } from './scope.ts'

/** hc = P(HC, s, β): the holder commitment in a credential, blinded so that two issuers cannot match it. */
export function holderCommitment(holderSecret: FieldElement, blinding: FieldElement): FieldElement {
  return poseidonTagged('HC', [holderSecret, blinding])
}

/** N = P(NUL, kind, s, scope): the holder's one name for a scope. Kinds never substitute for one another. */
export function nullifier(kind: Kind, holderSecret: FieldElement, scope: FieldElement): FieldElement {
  return poseidonTagged('NUL', [toField(KINDS[kind]), holderSecret, scope])
}

/** link = P(LINK, s, ctx, wn): equal in all proofs of one presentation, and in no two presentations. */
export function holderLink(holderSecret: FieldElement, context: FieldElement, walletNonce: FieldElement): FieldElement {
  return poseidonTagged('LINK', [holderSecret, context, walletNonce])
}

/** clink = P(CL, s, cred, ctx, wn): equal when one credential answers several proofs of one presentation. */
export function credentialLink(
  holderSecret: FieldElement,
  credentialHash: FieldElement,
  context: FieldElement,
  walletNonce: FieldElement,
): FieldElement {
  return poseidonTagged('CL', [holderSecret, credentialHash, context, walletNonce])
}
