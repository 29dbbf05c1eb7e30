import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'
import { poseidonTagged } from './poseidon.ts'
import { type QuaternaryTree, quaternaryTree } from './quaternary-tree.ts'
import { remembering } from './remembering.ts'

/** Members that one set of `$in` or `$nin` may have. */
export const MAX_SET_MEMBERS = 256

/**
 * Trees that are kept. A set is part of what a site asks, and not of one session: every visitor's proof is about the same
 * ones. 256 members and their tree take some 50 kB.
 */
const KEPT_TREES = 64

const DEPTH = 4
const TURN = 2n ** 252n

/** Between two neighbours of the sorted list; what the circuit's SetCheck opens. */
export type Gap = {
  readonly member: FieldElement
  /** The next member; after the last one the first, plus 2^252. */
  readonly next: FieldElement
  readonly path: readonly (readonly FieldElement[])[]
}

/**
 * A set as circuits see it: the tree over the gaps P(GAP, member, next) of its sorted members. Wallet and verifier both
 * compute the root from the members that the request names.
 */
export type MemberSet = {
  /** Computed when first asked for, by any set of these members: 256 take 341 hashes, some 100 ms. */
  readonly root: FieldElement
  has(value: FieldElement): boolean
  /** The gap that begins with the value, if it is a member, else the one around it. */
  gap(value: FieldElement): Gap
}

/** The set of 1 to 256 encoded claims, each below 2^252. Throws `predicate_set` for none, too many, or one given twice. */
export function memberSet(values: readonly FieldElement[]): MemberSet {
  const members = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const [first] = members
  if (first === undefined) throw new ProtocolError('predicate_set', 'a set needs a member')
  if (members.length > MAX_SET_MEMBERS) {
    throw new ProtocolError('predicate_set', `a set has at most ${MAX_SET_MEMBERS} members`)
  }
  if (members.some((member, place) => member >= TURN || member === members[place + 1])) {
    throw new ProtocolError('predicate_set', 'a set has each member once')
  }
  const nextOf = (place: number): FieldElement => members[place + 1] ?? toField(first + TURN)
  const tree = () =>
    keptTree(members.join(), () => {
      const gaps = members.map((member, place) => poseidonTagged('GAP', [member, nextOf(place)]))
      return quaternaryTree(gaps, DEPTH)
    })
  return {
    get root() {
      return tree().root
    },
    has: (value) => members.includes(value),
    gap: (value) => {
      // The last member that is not greater; before the first one, the gap that leads around to it.
      const below = members.findLastIndex((member) => member <= value)
      const place = below === -1 ? members.length - 1 : below
      return { member: members[place] ?? first, next: nextOf(place), path: tree().path(place) }
    },
  }
}

const keptTree = remembering<QuaternaryTree>(KEPT_TREES)
