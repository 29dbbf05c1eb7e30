import { R } from '../parameters.ts'
import { words } from './limbs.ts'

/** The AssemblyScript source of what the compiler of constraint rows knows of Fr: integers of eight 32-bit words. */
export function coefficientConstantsSource(): string {
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

/** r. */
export const ORDER = memory.data<u32>([${words(R)}]);
/** (r − 1)/2, the largest value that counts as positive. */
export const HALF_ORDER = memory.data<u32>([${words((R - 1n) / 2n)}]);
/** 1 as a \`.zkey\` writes coefficients: 2^512 mod r. */
export const UNIT = memory.data<u32>([${words(2n ** 512n % R)}]);
`
}
