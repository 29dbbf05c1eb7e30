import { toField } from '../../../../src/protocol/field.ts'
import { loadCircuit } from '../../circuit.ts'
import { issueForgeries } from '../forgeries/issue.ts'
import { seeded } from '../seeded.ts'
import type { ForgeTarget } from '../target.ts'

export const target: ForgeTarget = {
  name: 'issue-v1',
  load: () => loadCircuit('issue-v1'),
  inputs: (seed) => {
    const { field } = seeded(seed, 'issue-v1')
    // The first has zeros wherever the statement allows them: a product with 0 could hide a change.
    const other = () => (seed === 0 ? toField(0) : field())
    return { context: other(), issuerScope: other(), holderSecret: field(), holderBlinding: other() }
  },
  survivors: [{ signal: /^context$/, reason: 'c and −c have one square; a proof holds the public input itself' }],
  undetermined: [],
  forgeries: issueForgeries,
}
