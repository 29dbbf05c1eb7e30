import { loadCircuit } from '../../circuit.ts'
import { acceptedGroupCase, groupInputs } from '../../group-case.ts'
import { groupForgeries } from '../forgeries/group.ts'
import { seeded } from '../seeded.ts'
import type { ForgeTarget } from '../target.ts'

export const target: ForgeTarget = {
  name: 'group-v1',
  load: () => loadCircuit('group-v1'),
  inputs: (seed) => {
    if (seed === 0) return groupInputs(acceptedGroupCase({ before: [], after: [] }))
    const { field, below } = seeded(seed, 'group-v1')
    const some = () => Array.from({ length: Number(below(40n)) }, field)
    return groupInputs({
      context: field(),
      walletNonce: field(),
      kind: 1n + below(4n),
      scope: field(),
      holderSecret: field(),
      groupId: field(),
      before: some(),
      after: some(),
    })
  },
  survivors: [],
  undetermined: [],
  forgeries: groupForgeries,
}
