import { z } from 'zod'
import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'
import { type QuaternaryTree, quaternaryTree } from './quaternary-tree.ts'

/** Leaves of a status list: 4^6. */
export const STATUS_LEAVES = 4096

/** Bits of a leaf: as many as have one decomposition only, for 2^252 < r. */
export const STATUS_BITS = 252

const DEPTH = 6

/** One status list on the wire: 4,096 · 252 bits, without gaps. */
export const STATUS_LIST_BYTES = (STATUS_LEAVES * STATUS_BITS) / 8

/** 256 and not 252, so that the circuit finds bit and leaf in the identifier's own bits: 8 low, 12 high. */
const IDS_PER_LEAF = 256

/** A revocation identifier is `leaf · 256 + bit`, leaf below 4,096, bit below 252: 1,032,192 of them. */
export const revocationIdShape = z
  .int()
  .min(0)
  .max(STATUS_LEAVES * IDS_PER_LEAF - 1)
  .refine((id) => id % IDS_PER_LEAF < STATUS_BITS)

/** The revocation identifier of one bit of a list. `leaf` below {@link STATUS_LEAVES}, `bit` below {@link STATUS_BITS}. */
export function revocationIdOf(leaf: number, bit: number): number {
  return leaf * IDS_PER_LEAF + bit
}

/**
 * An issuer's list: a 1 where a credential is revoked, suspended or superseded. Bit `leaf · 252 + bit` of the list is bit `n % 8` of
 * byte `⌊n / 8⌋`, the least significant first.
 */
export type StatusList = Uint8Array<ArrayBuffer>

/** A list in which these identifiers are set. */
export function statusListOf(revoked: Iterable<number>): StatusList {
  const list = new Uint8Array(STATUS_LIST_BYTES)
  for (const id of revoked) {
    const { byte, mask } = placeOf(id)
    list[byte] = (list[byte] ?? 0) | mask
  }
  return list
}

/** Throws `status_list_invalid` for anything but {@link STATUS_LIST_BYTES} bytes. */
export function parseStatusList(bytes: Uint8Array): StatusList {
  if (bytes.length !== STATUS_LIST_BYTES) {
    throw new ProtocolError('status_list_invalid', `a status list has ${STATUS_LIST_BYTES} bytes, not ${bytes.length}`)
  }
  return new Uint8Array(bytes)
}

/** Whether the identifier's bit is set. */
export function isRevoked(list: StatusList, revocationId: number): boolean {
  const { byte, mask } = placeOf(revocationId)
  return ((list[byte] ?? 0) & mask) !== 0
}

/** The tree over a list, whose root stands in the issuer's leaf. Takes some 1,365 hashes for a full list, few for a sparse one. */
export function statusTree(list: StatusList): QuaternaryTree {
  return quaternaryTree(
    Array.from({ length: STATUS_LEAVES }, (_, leaf) => statusLeaf(list, leaf)),
    DEPTH,
  )
}

/** What the circuit needs to see that an identifier's bit is 0. */
export type StatusWitness = { readonly leaf: FieldElement; readonly path: readonly (readonly FieldElement[])[] }

/** Throws `credential_revoked` if the bit is set: then there is no proof. */
export function statusWitness(list: StatusList, tree: QuaternaryTree, revocationId: number): StatusWitness {
  if (isRevoked(list, revocationId)) throw new ProtocolError('credential_revoked', 'the status list says revoked')
  const { leaf } = leafAndBit(revocationId)
  return { leaf: statusLeaf(list, leaf), path: tree.path(leaf) }
}

/** One leaf of {@link statusTree}: 252 bits as one field element, the first one the least significant. */
export function statusLeaf(list: StatusList, leaf: number): FieldElement {
  // A leaf begins in the middle of a byte where its number is odd: 252 = 31.5 · 8.
  const bit = leaf * STATUS_BITS
  const from = Math.floor(bit / 8)
  let value = 0n
  for (let byte = 31; byte >= 0; byte--) value = (value << 8n) | BigInt(list[from + byte] ?? 0)
  return toField((value >> BigInt(bit % 8)) & MASK)
}

const MASK = 2n ** BigInt(STATUS_BITS) - 1n

function placeOf(revocationId: number): { byte: number; mask: number } {
  if (!revocationIdShape.safeParse(revocationId).success) {
    throw new ProtocolError('status_list_invalid', 'no such revocation identifier')
  }
  const { leaf, bit } = leafAndBit(revocationId)
  const place = leaf * STATUS_BITS + bit
  return { byte: Math.floor(place / 8), mask: 1 << (place % 8) }
}

/** Undoes {@link revocationIdOf}. */
function leafAndBit(revocationId: number): { leaf: number; bit: number } {
  return { leaf: Math.floor(revocationId / IDS_PER_LEAF), bit: revocationId % IDS_PER_LEAF }
}
