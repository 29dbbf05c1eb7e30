import { poseidon2 } from 'poseidon-lite/poseidon2'
import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import { affine, Point } from '../../baby-jubjub.ts'
import type { Part, Probe } from '../patterns.ts'
import type { Seeded } from '../seeded.ts'

/** A circuit with one known bug, made after a published one. */
export type Planted = {
  /** Its file in this folder, without `.circom`. */
  readonly name: string
  /** What a prover can do. */
  readonly allows: string
  /** Where bugs of this kind were found: names in 0xPARC's zk-bug-tracker, or of the project. */
  readonly seen: string
  /** The signals whose freedom is the bug. */
  readonly at: RegExp
  readonly inputs: (random: Seeded) => readonly WitnessInputs[]
} & (Caught | Missed) &
  Omit<Probe, 'inputs'>

type Caught = {
  /** The first part of the forger that finds it. */
  readonly caughtBy: Part
}

type Missed = {
  readonly caughtBy: 'missed'
  /** Why no part finds it. */
  readonly because: string
}

const BIT = { below: 2n }
const BYTE = { below: 256n }
const WORD = { below: 2n ** 32n }

export const PLANTED: readonly Planted[] = [
  {
    name: 'output-not-constrained',
    allows: 'any product',
    seen: 'MiMC in circomlib: assigned but not constrained',
    at: /^product$/,
    caughtBy: 'structural',
    inputs: () => [{ a: 3n, b: 5n }],
  },
  {
    name: 'last-element-skipped',
    allows: 'any last factor',
    seen: 'loops that end one early',
    at: /^factors\[3\]$/,
    caughtBy: 'structural',
    inputs: ({ field }) => [{ factors: [field(), field(), field(), field()] }],
  },
  {
    name: 'challenge-not-bound',
    allows: 'one proof for every session',
    seen: 'Arianee',
    at: /^challenge$/,
    caughtBy: 'structural',
    inputs: ({ field }) => [{ secret: field(), challenge: field() }],
  },
  {
    name: 'choice-not-constrained',
    allows: 'a result that is neither of the two',
    seen: '`<--` with a conditional',
    at: /^out$/,
    caughtBy: 'structural',
    inputs: ({ field }) => [
      { choose: 1n, a: field(), b: field() },
      { choose: 0n, a: field(), b: field() },
    ],
  },
  {
    name: 'bit-not-boolean',
    allows: 'any split of a number',
    seen: 'Num2Bits without its bit constraints',
    at: /^out\[/,
    caughtBy: 'uniqueness',
    inputs: () => [{ in: 9n }],
  },
  {
    name: 'bits-not-summed',
    allows: 'the bits of another number',
    seen: 'Num2Bits without its sum',
    at: /^out\[/,
    caughtBy: 'mutation',
    inputs: () => [{ in: 9n }],
  },
  {
    name: 'parity-of-alias',
    allows: 'an even number called odd',
    seen: 'Num2Bits(254): iden3 (TOB-1), Self',
    at: /^odd$/,
    caughtBy: 'vectors',
    inputs: () => [{ in: 12n }],
  },
  {
    name: 'halves-of-alias',
    allows: 'two nullifiers for one number',
    seen: 'Num2Bits(254): iden3 (TOB-1), Self; Aztec: nondeterministic nullifier',
    at: /^nullifier$/,
    caughtBy: 'vectors',
    inputs: ({ below }) => [{ in: below(2n ** 200n) }],
  },
  {
    name: 'comparator-out-of-range',
    allows: 'r − 1 to be less than 5',
    seen: 'Dark Forest: missing bit length check; Unirep: range checks',
    at: /^[ab]$/,
    caughtBy: 'vectors',
    inputs: () => [{ a: 3n, b: 5n }],
    ranges: { a: WORD },
  },
  {
    name: 'comparator-not-used',
    allows: 'any age',
    seen: 'circom-pairing: missing output check constraint',
    at: /^age$/,
    caughtBy: 'vectors',
    inputs: () => [{ age: 30n }],
    ranges: { age: { below: 1000n } },
  },
  {
    name: 'is-zero-half',
    allows: 'a number that is not 0 to be called 0',
    seen: 'zero tests with one constraint of two',
    at: /^(isZero|inverse)$/,
    caughtBy: 'uniqueness',
    inputs: ({ field }) => [{ in: field() }],
  },
  {
    name: 'quotient-of-zero',
    allows: 'any quotient of 0 by 0',
    seen: 'unconstrained division in circomlib (MontgomeryAdd and its like)',
    at: /^q$/,
    caughtBy: 'mutation',
    inputs: () => [
      { a: 6n, b: 3n },
      { a: 0n, b: 0n },
    ],
  },
  {
    name: 'remainder-not-below-divisor',
    allows: 'a smaller quotient and a greater remainder',
    seen: 'Polygon zkEVM: missing remainder constraint',
    at: /^(quotient|remainder)$/,
    caughtBy: 'vectors',
    inputs: () => [{ number: 20n, divisor: 7n }],
  },
  {
    name: 'quotient-not-ranged',
    allows: 'another low byte',
    seen: 'BigMod in circom-ecdsa and circom-bigint: missing bit length check',
    at: /^(high|low)$/,
    caughtBy: 'vectors',
    inputs: () => [{ in: 1000n }],
  },
  {
    name: 'carry-not-ranged',
    allows: 'another limb with another carry',
    seen: 'big integers: missing range check of a carry',
    at: /^(limb|carry)$/,
    caughtBy: 'vectors',
    inputs: ({ below }) => [{ a: below(2n ** 64n), b: below(2n ** 64n) }],
  },
  {
    name: 'path-bit-not-boolean',
    allows: 'a path to the root from what is no leaf',
    seen: 'Unirep, Self: path indices that are no bits',
    at: /^side$/,
    caughtBy: 'vectors',
    inputs: ({ field }) => [{ leaf: field(), siblings: [field(), field()], side: [0n, 1n] }],
    ranges: { side: BIT },
  },
  {
    name: 'zero-leaf',
    allows: 'membership without a member',
    seen: 'Semaphore: the zero leaf',
    at: /^leaf$/,
    caughtBy: 'vectors',
    inputs: ({ field }) => [{ leaf: field(), siblings: [field(), field()], side: [0n, 1n] }],
    ranges: { leaf: { from: 1n, below: 2n ** 254n }, side: BIT },
  },
  {
    name: 'node-as-leaf',
    allows: 'membership of a node, by a path one level shorter',
    seen: 'Merkle trees of several depths',
    at: /./,
    caughtBy: 'missed',
    because:
      'every constraint does what it says: that a leaf must not be a node is in no equation, only in what leaves are; found by reading the statement',
    inputs: ({ field }) => [{ leaf: field(), siblings: [field(), field()], levels: 2n }],
    ranges: { levels: { from: 1n, below: 3n } },
  },
  {
    name: 'nullifier-of-another-secret',
    allows: 'as many nullifiers as one likes',
    seen: 'Anon Aadhaar: nullifier not bound',
    at: /^nullifier$/,
    caughtBy: 'uniqueness',
    inputs: ({ field }) => [{ secret: field(), nullifierSecret: field(), scope: field() }],
    determined: [{ signal: 'nullifier', by: ['secret', 'scope'] }],
  },
  {
    name: 'nullifier-with-salt',
    allows: 'as many nullifiers as one likes',
    seen: 'Aztec, StealthDrop: nondeterministic nullifier',
    at: /^nullifier$/,
    caughtBy: 'uniqueness',
    inputs: ({ field }) => [{ secret: field(), salt: field(), scope: field() }],
    determined: [{ signal: 'nullifier', by: ['secret', 'scope'] }],
  },
  {
    name: 'no-domain-separation',
    allows: 'a nullifier that is the commitment, so that the site knows the member',
    seen: 'missing domain separation',
    at: /^commitment$/,
    caughtBy: 'vectors',
    inputs: ({ field }) => [{ secret: field(), blinding: field(), scope: field() }],
  },
  {
    name: 'enabled-by-prover',
    allows: 'any signature, with the check switched off',
    seen: "circomlib's `enabled` as an input",
    at: /^enabled$/,
    caughtBy: 'vectors',
    inputs: () => [{ enabled: 1n, key: 11n, message: 12n, tag: poseidon2([11n, 12n]) }],
    ranges: { enabled: { from: 1n, below: 2n } },
  },
  {
    name: 'index-out-of-range',
    allows: 'the element 0, which the list does not hold',
    seen: 'selectors over unchecked indices',
    at: /^index$/,
    caughtBy: 'vectors',
    inputs: ({ field }) => [{ list: [field(), field(), field(), field()], index: 2n }],
    ranges: { index: { below: 4n } },
  },
  {
    name: 'selector-not-one-hot',
    allows: 'a mixture of several elements',
    seen: 'selectors that only add up to 1',
    at: /^selector$/,
    caughtBy: 'vectors',
    inputs: ({ field }) => [{ list: [field(), field(), field()], selector: [0n, 1n, 0n] }],
    ranges: { selector: BIT },
  },
  {
    name: 'mode-without-default',
    allows: 'two numbers that are neither equal nor opposite',
    seen: 'switches that no case catches',
    at: /^mode$/,
    caughtBy: 'vectors',
    inputs: () => [
      { mode: 0n, a: 5n, b: 5n },
      { mode: 1n, a: 5n, b: FIELD_ORDER - 5n },
    ],
    ranges: { mode: BIT },
  },
  {
    name: 'hash-round-not-constrained',
    allows: 'any hash',
    seen: 'MiMC in circomlib: assigned but not constrained',
    at: /^(squares\[1\]|out)$/,
    caughtBy: 'uniqueness',
    inputs: ({ field }) => [{ in: field() }],
  },
  {
    name: 'root-of-either-sign',
    allows: 'the other root, and what follows from it',
    seen: 'point decompression; StealthDrop: malleable signatures',
    at: /^cube$/,
    caughtBy: 'vectors',
    inputs: ({ field }) => [{ x: field() }],
  },
  {
    name: 'greatest-of-two',
    allows: 'the smaller of two',
    seen: 'hints that are only one of the candidates',
    at: /^greatest$/,
    caughtBy: 'mutation',
    inputs: () => [{ a: 3n, b: 8n }],
  },
  {
    name: 'assert-only',
    allows: 'any age',
    seen: '`assert` taken for a constraint',
    at: /^age$/,
    caughtBy: 'vectors',
    inputs: () => [{ age: 30n }],
    ranges: { age: { from: 18n, below: 256n } },
  },
  {
    name: 'scalar-not-below-order',
    allows: 'a second nullifier for one key',
    seen: 'Semaphore v4: scalar not below the order of the subgroup',
    at: /^scalar$/,
    caughtBy: 'vectors',
    inputs: () => [{ scalar: 5n }],
    ranges: { scalar: { below: 16n } },
  },
  {
    name: 'point-off-curve',
    allows: 'sums in another group than the curve',
    seen: 'MACI 2835 and 2836, Panther: points not checked',
    at: /^[ab]$/,
    caughtBy: 'vectors',
    inputs: () => [{ a: affine(Point.BASE), b: affine(Point.BASE.double()) }],
    ranges: { a: 'curve', b: 'curve' },
  },
  {
    name: 'packing-without-ranges',
    allows: 'one hash of two different pairs',
    seen: 'Self: packing',
    at: /^(low|high)$/,
    caughtBy: 'vectors',
    inputs: () => [{ low: 3n, high: 4n }],
    ranges: { low: BYTE, high: BYTE },
  },
  {
    name: 'time-from-prover',
    allows: 'an expired credential, on a day of the past',
    seen: "Anon Aadhaar: the prover's clock",
    at: /./,
    caughtBy: 'missed',
    because:
      'a range or an equation that names the day cannot say whose clock it is; found by reading who computes each signal',
    inputs: () => [{ today: 45_000n, validUntil: 46_000n }],
    ranges: { today: WORD, validUntil: WORD },
  },
]
