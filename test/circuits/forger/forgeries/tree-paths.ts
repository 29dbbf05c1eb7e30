import { type FieldElement, toField } from '../../../../src/protocol/field.ts'
import { poseidonNode } from '../../../../src/protocol/poseidon.ts'

/** A path of a quaternary tree, flat as circuits take it: four children on each level, from the leaf's up. */
export type Path = readonly bigint[]

/** The root that the path leads to. */
export function rootOf(path: Path): FieldElement {
  return nodeAbove(path, path.length / 4 - 1)
}

/** The node that the children of one level make. */
export function nodeAbove(path: Path, level: number): FieldElement {
  return poseidonNode(path.slice(4 * level, 4 * level + 4).map(toField))
}

/** The path with another child in one place, and all above it made to fit: its root is another, and coherent. */
export function withChild(path: Path, change: { level: number; place: number; child: bigint }): bigint[] {
  const forged = path.map((child, index) => (index === 4 * change.level + change.place ? change.child : child))
  return refitted(path, forged, change.level)
}

/** The path with two children of one level in each other's place, and all above made to fit. */
export function withSwappedFitting(path: Path, level: number, one: number, two: number): bigint[] {
  return refitted(path, withSwapped(path, level, one, two), level)
}

/** Above a level on which the forged path differs, each node is put where the path's own stood. */
function refitted(path: Path, forged: bigint[], from: number): bigint[] {
  for (let level = from + 1; level < path.length / 4; level++) {
    forged[4 * level + placeOf(path, level)] = nodeAbove(forged, level - 1)
  }
  return forged
}

/** The path with two children of one level in each other's place, and nothing else changed. */
export function withSwapped(path: Path, level: number, one: number, two: number): bigint[] {
  const swapped = [...path]
  swapped[4 * level + one] = path[4 * level + two] ?? 0n
  swapped[4 * level + two] = path[4 * level + one] ?? 0n
  return swapped
}

/** Where among the children the node of the level below stands; above the lowest level. */
export function placeOf(path: Path, level: number): number {
  return path.slice(4 * level, 4 * level + 4).indexOf(nodeAbove(path, level - 1))
}

/** Pairs of places on a level that hold different children. */
export function unequalPairs(path: Path, level: number): [number, number][] {
  const pairs: [number, number][] = []
  for (let one = 0; one < 4; one++) {
    for (let two = one + 1; two < 4; two++) {
      if (path[4 * level + one] !== path[4 * level + two]) pairs.push([one, two])
    }
  }
  return pairs
}
