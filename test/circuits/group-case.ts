import { type FieldElement, toField } from '../../src/protocol/field.ts'
import { groupMember, groupTree } from '../../src/protocol/group.ts'
import { holderLink } from '../../src/protocol/holder.ts'
import { poseidonTagged } from '../../src/protocol/poseidon.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'

/** Everything a proof of membership is made from. */
export type GroupCase = {
  context: FieldElement
  walletNonce: FieldElement
  kind: bigint
  scope: FieldElement
  holderSecret: bigint
  groupId: FieldElement
  /** Leaves of the members before and after this one in the group's list. */
  before: readonly FieldElement[]
  after: readonly FieldElement[]
  /** What the group's list gives, where a forger has its own; the path is ten levels of four, flat, from the leaf's up. */
  groupRoot?: bigint
  children?: readonly bigint[]
}

/** The third of five members. Accepted. */
export function acceptedGroupCase(overrides: Partial<GroupCase> = {}): GroupCase {
  return {
    context: toField(1101),
    walletNonce: toField(1102),
    kind: 3n,
    scope: toField(1103),
    holderSecret: 2101n,
    groupId: toField(2102),
    before: [toField(3101), toField(3102)],
    after: [toField(3103), toField(3104)],
    ...overrides,
  }
}

/** The circuit's inputs, with the root that a verifier would compute. */
export function groupInputs(given: GroupCase) {
  const { before, after, ...plain } = given
  const tree = groupTree([...before, caseGroupMember(given), ...after])
  return { groupRoot: tree.root, children: tree.path(before.length).flat(), ...plain } satisfies WitnessInputs
}

/** The holder's leaf. */
export function caseGroupMember({ holderSecret, groupId }: GroupCase): FieldElement {
  return groupMember(toField(holderSecret), groupId)
}

/** The outputs as the protocol's own code computes them. */
export function groupOutputs({ kind, holderSecret, scope, context, walletNonce }: GroupCase): Record<string, bigint> {
  const secret = toField(holderSecret)
  return {
    nullifier: poseidonTagged('NUL', [toField(kind), secret, scope]),
    link: holderLink(secret, context, walletNonce),
  }
}
