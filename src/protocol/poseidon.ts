import { poseidon2 } from 'poseidon-lite/poseidon2'
import { poseidon3 } from 'poseidon-lite/poseidon3'
import { poseidon4 } from 'poseidon-lite/poseidon4'
import { poseidon6 } from 'poseidon-lite/poseidon6'
import { poseidon7 } from 'poseidon-lite/poseidon7'
import { poseidon10 } from 'poseidon-lite/poseidon10'
import { poseidon15 } from 'poseidon-lite/poseidon15'
import { poseidon16 } from 'poseidon-lite/poseidon16'
import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'

/**
 * Domain tags of the tagged Poseidon hashes: the name's ASCII bytes as a big-endian integer. The circuits carry the
 * same numbers (circuits/templates/tags.circom); a test compares the two.
 */
export const POSEIDON_TAGS = {
  HC: ascii('HC'),
  NUL: ascii('NUL'),
  DT: ascii('DT'),
  CQ: ascii('CQ'),
  KEY: ascii('KEY'),
  KEYS: ascii('KEYS'),
  DEV: ascii('DEV'),
  CRED: ascii('CRED'),
  ISS: ascii('ISS'),
  QRY: ascii('QRY'),
  LINK: ascii('LINK'),
  CL: ascii('CL'),
  GAP: ascii('GAP'),
  GM: ascii('GM'),
} as const

/** A name of {@link POSEIDON_TAGS}. */
export type PoseidonTag = keyof typeof POSEIDON_TAGS

/** Arities that untagged uses own: quaternary tree nodes, circomlib's EdDSA, the sixteen claims. */
const UNTAGGED_ARITIES: readonly number[] = [4, 5, 16]

const HASHES: Readonly<Record<number, (inputs: bigint[]) => bigint>> = {
  2: poseidon2,
  3: poseidon3,
  4: poseidon4,
  6: poseidon6,
  7: poseidon7,
  10: poseidon10,
  15: poseidon15,
  16: poseidon16,
}

/**
 * Poseidon over `tag, ...inputs`. Where that would be 4 or 5 elements, zeros are appended up to 6, so that no tagged
 * hash can meet an untagged one (docs/protocol.md, "Hashes").
 */
export function poseidonTagged(tag: PoseidonTag, inputs: readonly FieldElement[]): FieldElement {
  const elements = [POSEIDON_TAGS[tag], ...inputs]
  while (UNTAGGED_ARITIES.includes(elements.length)) elements.push(0n as FieldElement)
  return hash(elements)
}

/** The untagged Poseidon over the sixteen claim slots. */
export function poseidonClaims(claims: readonly FieldElement[]): FieldElement {
  if (claims.length !== 16) throw new ProtocolError('claims_length', `expected 16 claim slots, not ${claims.length}`)
  return hash(claims)
}

/** The untagged Poseidon over the four children of a tree's node. */
export function poseidonNode(children: readonly FieldElement[]): FieldElement {
  if (children.length !== 4) throw new ProtocolError('poseidon_arity', `a node has 4 children, not ${children.length}`)
  return hash(children)
}

function hash(elements: readonly FieldElement[]): FieldElement {
  const poseidon = HASHES[elements.length]
  if (!poseidon) throw new ProtocolError('poseidon_arity', `no Poseidon over ${elements.length} inputs is in use`)
  return toField(poseidon([...elements]))
}

function ascii(name: string): FieldElement {
  let value = 0n
  for (const character of name) value = value * 256n + BigInt(character.charCodeAt(0))
  return value as FieldElement
}
