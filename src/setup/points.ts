import { Field } from '@noble/curves/abstract/modular.js'
import { Q } from '../engine/parameters.ts'
import { G1_BYTES, G2_BYTES } from './arithmetic.ts'
import { SetupError } from './setup-error.ts'

const baseField = Field(Q)
const MONTGOMERY_INVERSE = baseField.inv(2n ** 256n % Q)

/** A point of G1 as snarkjs writes it in JSON: decimal x, y and z = 1. Refuses infinity, which no key may hold here. */
export function g1ToJson(point: Uint8Array): string[] {
  const [x, y] = coordinates(point, G1_BYTES)
  return [String(x), String(y), '1']
}

/** A point of G2 as snarkjs writes it in JSON: each coordinate its real part, then its imaginary part. */
export function g2ToJson(point: Uint8Array): string[][] {
  const [x0, x1, y0, y1] = coordinates(point, G2_BYTES)
  return [
    [String(x0), String(x1)],
    [String(y0), String(y1)],
    ['1', '0'],
  ]
}

function coordinates(point: Uint8Array, length: number): bigint[] {
  if (point.length !== length) throw new SetupError('point_length', `a point has ${point.length} bytes, not ${length}`)
  if (point.every((byte) => byte === 0)) throw new SetupError('point_infinity', 'a verification key holds infinity')
  const values: bigint[] = []
  for (let offset = 0; offset < length; offset += 32) {
    let montgomery = 0n
    for (let index = 31; index >= 0; index--) montgomery = (montgomery << 8n) | BigInt(point[offset + index] ?? 0)
    values.push(baseField.mul(montgomery, MONTGOMERY_INVERSE))
  }
  return values
}
