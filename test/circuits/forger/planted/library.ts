import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import { affine, Point, testPublicKey, testSign } from '../../baby-jubjub.ts'
import type { Reviewed } from '../target.ts'

/** A template of circomlib 2.0.5, as a main of its own in planted/library. */
export type LibraryTemplate = {
  readonly name: string
  /** Special ones among them: zeros, equal operands, points of small order. */
  readonly inputs: readonly WitnessInputs[]
  /** What the forger finds; nothing else, and none of these less. */
  readonly known: readonly Reviewed[]
}

const INVERSE_OF_ZERO = 'the hint for an inverse of 0; the verdict does not depend on it'
const BASE = affine(Point.BASE)
const [A, SIGNATURE] = [testPublicKey(3), testSign(3, 99n)]
const SIGNED = { Ax: A[0], Ay: A[1], R8x: SIGNATURE.r8[0], R8y: SIGNATURE.r8[1], S: SIGNATURE.s, M: 99n }

export const LIBRARY: readonly LibraryTemplate[] = [
  { name: 'num2bits', inputs: [{ in: 0n }, { in: 200n }], known: [] },
  {
    name: 'num2bits-254',
    inputs: [{ in: 12n }],
    known: [{ signal: /^out\[\d+\]$/, reason: 'small numbers plus r are below 2^254; Num2Bits_strict is the answer' }],
  },
  { name: 'num2bits-strict', inputs: [{ in: 12n }], known: [] },
  {
    name: 'is-zero',
    inputs: [{ in: 7n }, { in: 0n }],
    known: [{ signal: /^inv$/, reason: INVERSE_OF_ZERO }],
  },
  {
    name: 'is-equal',
    inputs: [{ in: [7n, 8n] }, { in: [7n, 7n] }],
    known: [{ signal: /^isz\.inv$/, reason: INVERSE_OF_ZERO }],
  },
  { name: 'less-than', inputs: [{ in: [7n, 8n] }, { in: [8n, 8n] }, { in: [255n, 0n] }], known: [] },
  { name: 'comp-constant', inputs: [{ in: bits(999n, 254) }, { in: bits(1001n, 254) }], known: [] },
  { name: 'poseidon', inputs: [{ inputs: [0n, 0n] }, { inputs: [1n, 2n] }], known: [] },
  {
    name: 'mimc7',
    inputs: [
      { x_in: 0n, k: 0n },
      { x_in: 1n, k: 2n },
    ],
    known: [],
  },
  { name: 'mimc-sponge', inputs: [{ ins: [1n, 2n], k: 0n }], known: [] },
  { name: 'pedersen', inputs: [{ in: bits(0x5an, 8) }, { in: bits(0n, 8) }], known: [] },
  {
    name: 'baby-add',
    inputs: [
      { x1: BASE[0], y1: BASE[1], x2: BASE[0], y2: BASE[1] },
      { x1: 0n, y1: 1n, x2: 0n, y2: 1n },
    ],
    known: [],
  },
  {
    name: 'baby-double',
    inputs: [
      { x: BASE[0], y: BASE[1] },
      { x: 0n, y: 1n },
    ],
    known: [],
  },
  {
    name: 'baby-check',
    inputs: [
      { x: BASE[0], y: BASE[1] },
      { x: 0n, y: 1n },
    ],
    known: [],
  },
  {
    name: 'edwards-to-montgomery',
    inputs: [{ in: [...BASE] }, { in: [0n, FIELD_ORDER - 1n] }],
    known: [{ signal: /^out\[1\]$/, reason: '0/0 at (0, -1), the point of order 2: any v' }],
  },
  {
    name: 'montgomery-to-edwards',
    inputs: [{ in: [3n, 5n] }, { in: [0n, 0n] }],
    known: [{ signal: /^out\[0\]$/, reason: '0/0 at (0, 0): any x' }],
  },
  {
    name: 'montgomery-add',
    inputs: [
      { in1: [3n, 5n], in2: [4n, 9n] },
      { in1: [3n, 5n], in2: [3n, 5n] },
    ],
    known: [{ signal: /^(out\[1\]|lamda)$/, reason: 'a slope of 0/0 where both points are one: any sum' }],
  },
  { name: 'montgomery-double', inputs: [{ in: [3n, 5n] }], known: [] },
  {
    name: 'mux1',
    inputs: [
      { c: [3n, 5n], s: 1n },
      { c: [3n, 3n], s: 0n },
    ],
    known: [],
  },
  { name: 'mux3', inputs: [{ c: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n], s: [1n, 0n, 1n] }], known: [] },
  {
    name: 'decoder',
    inputs: [{ inp: 2n }, { inp: 9n }],
    known: [
      {
        signal: /^(out\[2\]|success)$/,
        reason: 'nothing makes the right place 1; the caller must require `success`, as Multiplexer does',
      },
    ],
  },
  { name: 'multiplexer', inputs: [{ inp: [3n, 5n, 7n, 9n], sel: 2n }], known: [] },
  { name: 'switcher', inputs: [{ sel: 1n, L: 3n, R: 5n }], known: [] },
  { name: 'sign', inputs: [{ in: bits(5n, 254) }], known: [] },
  {
    name: 'eddsa-poseidon',
    inputs: [{ enabled: 1n, ...SIGNED }],
    known: [{ signal: /^eqCheck[XY]\.isz\.inv$/, reason: INVERSE_OF_ZERO }],
  },
  { name: 'bin-sum', inputs: [{ in: [...bits(9n, 4), ...bits(5n, 4)] }], known: [] },
]

function bits(value: bigint, length: number): bigint[] {
  return Array.from({ length }, (_, index) => (value >> BigInt(index)) & 1n)
}
