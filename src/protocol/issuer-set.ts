import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'
import type { IssuerKey } from './issuer.ts'
import { poseidonTagged } from './poseidon.ts'
import { type QuaternaryTree, quaternaryTree } from './quaternary-tree.ts'
import { remembering } from './remembering.ts'
import type { StatusEpoch } from './status-history.ts'

/** Issuer keys that one proof can hide among. */
export const MAX_ISSUER_KEYS = 16

const DEPTH = 2

/** The accepted issuer keys of one credential query, each with its issuer's status root. */
export type IssuerSet = {
  readonly root: FieldElement
  /** The path of a leaf of the set. Throws `issuer_key_unknown`. */
  path(leaf: FieldElement): FieldElement[][]
}

/** P(ISS, Ax, Ay, status root, notBefore, notAfter): one issuer key as the circuit sees it. */
export function issuerLeaf({ point, notBefore, notAfter }: IssuerKey, statusRoot: FieldElement): FieldElement {
  return poseidonTagged('ISS', [point[0], point[1], statusRoot, toField(notBefore), toField(notAfter)])
}

/** The set behind `issuersRoot`. Sorted here, so that the order in which issuers are named says nothing. Throws `issuers_too_many`. */
export function issuerSet(leaves: readonly FieldElement[]): IssuerSet {
  const members = [...new Set(leaves)].sort((a, b) => (a < b ? -1 : 1))
  if (members.length > MAX_ISSUER_KEYS) {
    throw new ProtocolError('issuers_too_many', `the issuers have more than ${MAX_ISSUER_KEYS} keys`)
  }
  const tree = rememberedTrees(members.join(), () => quaternaryTree(members, DEPTH))
  return {
    root: tree.root,
    path: (leaf) => {
      const place = members.indexOf(leaf)
      if (place === -1) throw new ProtocolError('issuer_key_unknown', 'the key is not among those accepted')
      return tree.path(place)
    },
  }
}

/**
 * The set that a credential query accepts: every key in the epochs that are proved against, one for each issuer that the
 * query names. What else an issuer publishes has no part in it: only an epoch is the same for wallet and verifier.
 * Throws `issuers_too_many`.
 */
export function acceptedIssuers(epochs: readonly Pick<StatusEpoch, 'root' | 'keys'>[]): IssuerSet {
  return issuerSet(epochs.flatMap(leavesOf))
}

/** An epoch is never altered; it is proved against until the next one. */
const knownLeaves = new WeakMap<Pick<StatusEpoch, 'root' | 'keys'>, readonly FieldElement[]>()

function leavesOf(epoch: Pick<StatusEpoch, 'root' | 'keys'>): readonly FieldElement[] {
  const found = knownLeaves.get(epoch)
  if (found) return found
  const leaves = epoch.keys.map((key) => issuerLeaf(key, epoch.root))
  knownLeaves.set(epoch, leaves)
  return leaves
}

/** Sets are asked for again with every session; to hash one takes some milliseconds. */
const rememberedTrees = remembering<QuaternaryTree>(64)
