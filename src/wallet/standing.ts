import type { FieldElement } from '../protocol/field.ts'
import type { IssuerKey, IssuerMetadata } from '../protocol/issuer.ts'
import { acceptedIssuers, type IssuerSet, issuerLeaf } from '../protocol/issuer-set.ts'
import type { QuaternaryTree } from '../protocol/quaternary-tree.ts'
import type { StatusEpoch } from '../protocol/status-history.ts'
import { type StatusList, type StatusWitness, statusWitness } from '../protocol/status-list.ts'
import type { HeldCredential } from './held-credential.ts'
import { WalletError } from './wallet-error.ts'

/** An issuer as it publishes itself, with its newest epoch. */
export type ListedIssuer = {
  readonly metadata: IssuerMetadata
  readonly epoch: StatusEpoch
  readonly list: StatusList
  /** Over `list`; its root is the epoch's. */
  readonly tree: QuaternaryTree
}

/** What shows that a credential is of an accepted issuer and not revoked, and hides which issuer it is. */
export type Standing = {
  readonly issuersRoot: FieldElement
  readonly issuerKey: IssuerKey
  readonly issuerPath: ReturnType<IssuerSet['path']>
  readonly status: StatusWitness
}

/**
 * Where a credential stands among `issuers`, which are all that the item names. The key's period is taken from the
 * issuer's epoch, for the verifier sees nothing else. Throws `issuer_key_unknown` where the issuer does not stand
 * by the key any more, `credential_revoked`, `issuers_too_many`.
 */
export function standingOf(
  { credential, issuerKey: signer }: HeldCredential,
  issuers: readonly ListedIssuer[],
): Standing {
  const own = issuers.find(({ metadata }) => metadata.origin === credential.issuer)
  const issuerKey = own?.epoch.keys.find(
    ({ point, notBefore, notAfter }) =>
      point[0] === signer.point[0] &&
      point[1] === signer.point[1] &&
      notBefore <= credential.issuedAt &&
      credential.issuedAt <= notAfter,
  )
  if (!own || !issuerKey) {
    throw new WalletError('issuer_key_unknown', `${credential.issuer} does not publish the key of the credential`)
  }
  const accepted = acceptedIssuers(issuers.map(({ epoch }) => epoch))
  return {
    issuersRoot: accepted.root,
    issuerKey,
    issuerPath: accepted.path(issuerLeaf(issuerKey, own.epoch.root)),
    status: statusWitness(own.list, own.tree, credential.revocationId),
  }
}
