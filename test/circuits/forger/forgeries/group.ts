import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import { groupTree } from '../../../../src/protocol/group.ts'
import type { Circuit } from '../../circuit.ts'
import { acceptedGroupCase, caseGroupMember, type GroupCase, groupInputs } from '../../group-case.ts'
import { seeded } from '../seeded.ts'
import type { Forgery } from '../target.ts'
import { type FalseStatement, forgedStatements } from './false-statements.ts'
import { lies } from './lies.ts'
import { forgedPublicSignals } from './public-signals.ts'
import { splices } from './splices.ts'
import { loadSubject } from './subject.ts'
import { nodeAbove, placeOf, unequalPairs, withChild, withSwapped } from './tree-paths.ts'

/** False memberships, most of them about one level of the path, and lies about every signal outside the tree's hashes. */
export async function* groupForgeries(circuit: Circuit, seed: number): AsyncGenerator<Forgery> {
  const subject = await loadSubject(
    circuit,
    groupInputs(randomGroupCase(seed, 'honest')),
    groupInputs(randomGroupCase(seed, 'other')),
  )
  yield* forgedStatements(circuit, falseGroupStatements(seed), subject.honest.evaluated)
  yield* forgedPublicSignals(subject)
  yield* splices(subject, { depth: 3 })
  yield* lies(subject, { about: /^(?!.*\.pEx\.)|^(?!Quaternary).*\.out$/, once: /\.sigma/ })
}

export function falseGroupStatements(seed: number): FalseStatement[] {
  const honest = randomGroupCase(seed, 'honest')
  const other = randomGroupCase(seed, 'other')
  const { before } = honest
  const inputs = groupInputs(honest)
  const path = inputs.children
  const leaf = caseGroupMember(honest)
  const elsewhere = groupTree([...before, leaf, ...honest.after])
  return [
    { name: 'a member without a secret', inputs: groupInputs({ ...honest, holderSecret: 0n }), refusedBy: /^NonZero/ },
    ...[0n, 5n, 6n, 8n, FIELD_ORDER - 1n, 2n ** 32n + 1n, 2n ** 253n].map((kind) => ({
      name: `a presentation of kind ${kind}`,
      inputs: groupInputs({ ...honest, kind }),
      refusedBy: /^PresentationKind/,
    })),
    {
      name: 'the root of another group',
      inputs: { ...inputs, groupRoot: groupInputs(other).groupRoot },
      refusedBy: ROOT,
    },
    { name: 'the root of no group', inputs: { ...inputs, groupRoot: 0n }, refusedBy: ROOT },
    {
      name: 'the root of the members without this one',
      inputs: { ...inputs, groupRoot: groupTree([...before, ...honest.after]).root },
      refusedBy: ROOT,
    },
    { name: "another member's path", inputs: { ...inputs, holderSecret: other.holderSecret }, refusedBy: LEVEL(0) },
    { name: 'the id of another group', inputs: { ...inputs, groupId: other.groupId }, refusedBy: LEVEL(0) },
    {
      name: 'the path of an empty place',
      inputs: { ...inputs, children: elsewhere.path(4 ** 9).flat() },
      refusedBy: LEVEL(0),
    },
    ...Array.from({ length: 9 }, (_, level) => ({
      name: `the root of the tree below level ${level + 1}`,
      inputs: { ...inputs, groupRoot: nodeAbove(path, level) },
      refusedBy: ROOT,
    })),
    ...Array.from({ length: 10 }, (_, level) => {
      const place = level === 0 ? path.slice(0, 4).indexOf(leaf) : placeOf(path, level)
      const node = path[4 * level + place] ?? 0n
      const instead: [string, bigint][] = [
        ['is empty', 0n],
        ['holds one more', node + 1n],
        ["holds another group's", groupInputs(other).children[4 * level] ?? 1n],
      ]
      return [
        ...instead.map(([what, child]) => {
          const children = withChild(path, { level, place, child })
          const groupRoot = nodeAbove(children, 9)
          return {
            name: `the place on level ${level} ${what}`,
            inputs: { ...inputs, children, groupRoot },
            refusedBy: LEVEL(level),
          }
        }),
        ...unequalPairs(path, level).map(([one, two]) => ({
          name: `children ${one} and ${two} of level ${level} change places`,
          inputs: { ...inputs, children: withSwapped(path, level, one, two) },
          // The level above misses the node, or the verifier the root.
          refusedBy: level === 9 ? ROOT : LEVEL(level + 1),
        })),
      ]
    }).flat(),
  ]
}

const ROOT = /^groupRoot$/
const LEVEL = (level: number): RegExp => new RegExp(`^QuaternaryMembership\\.(left|right)\\[${level}\\]$`)

/** Third of eight members, so that the path has other nodes beside its own on two levels. */
export function randomGroupCase(seed: number, whose: string): GroupCase {
  const { field } = seeded(seed, `group-v1 forgeries ${whose}`)
  const isOther = whose === 'other'
  return acceptedGroupCase({
    context: field(),
    walletNonce: field(),
    kind: isOther ? 2n : 3n,
    scope: field(),
    holderSecret: field(),
    groupId: field(),
    before: Array.from({ length: isOther ? 5 : 2 }, field),
    after: Array.from({ length: isOther ? 15 : 14 }, field),
  })
}
