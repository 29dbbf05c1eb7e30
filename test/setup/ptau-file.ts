import { Q } from '../../src/engine/parameters.ts'
import type { SetupArithmetic } from '../../src/setup/arithmetic.ts'
import { scalarField } from '../../src/setup/scalar-field.ts'
import type { Trapdoor } from '../../src/setup/trapdoor.ts'

/**
 * A powers-of-tau file, not yet prepared for phase 2, whose secrets are known: what a ceremony would have left had its
 * randomness been these.
 */
export function encodePtau(
  power: number,
  { tau, alpha, beta }: Omit<Trapdoor, 'delta'>,
  arithmetic: SetupArithmetic,
): Uint8Array {
  const powers = (count: number, factor: bigint): bigint[] =>
    Array.from({ length: count }, (_, exponent) => scalarField.mul(factor, scalarField.pow(tau, BigInt(exponent))))
  const size = 2 ** power
  const sections = [
    Buffer.concat([u32(32), u256(Q), u32(power), u32(power)]),
    arithmetic.multiplyG1(powers(2 * size - 1, 1n)),
    arithmetic.multiplyG2(powers(size, 1n)),
    arithmetic.multiplyG1(powers(size, alpha)),
    arithmetic.multiplyG1(powers(size, beta)),
    arithmetic.multiplyG2([beta]),
    u32(0),
  ]
  const parts: Uint8Array[] = [Buffer.from('ptau'), u32(1), u32(sections.length)]
  for (const [index, section] of sections.entries()) parts.push(u32(index + 1), u64(section.length), section)
  return new Uint8Array(Buffer.concat(parts))
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function u256(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}
