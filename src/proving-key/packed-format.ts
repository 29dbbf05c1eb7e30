import type { Group } from '../engine/msm.ts'
import type { ZkeyShape } from './empty-zkey.ts'
import type { ZkeySections } from './zkey-format.ts'

/** How a packed key begins, and the one version of the form; README.md has it byte by byte. */
export const PACKED_MAGIC = 'zkeypack'
export const PACKED_VERSION = 1

/** Bytes before the points of the header. */
export const PACKED_HEADER_BYTES = 56

/** Parts that are taken over as they are. */
export const PLAIN_PARTS = ['alpha1', 'beta1', 'beta2', 'gamma2', 'delta1', 'delta2', 'contributions'] as const

/** Parts that are lists of points, in the order in which they stand. */
export const POINT_PARTS = [
  ['ic', 'g1'],
  ['a', 'g1'],
  ['b1', 'g1'],
  ['b2', 'g2'],
  ['c', 'g1'],
  ['h', 'g1'],
] as const satisfies readonly (readonly [keyof ZkeySections, Group])[]

export type PackedHeader = ZkeyShape & {
  /** Constants among the coefficients, each 32 bytes. */
  constants: number
  /** Bytes of the columns, as they are and with their repetitions folded. */
  columnsBytes: number
  foldedBytes: number
}
