import { CURVE_B, inverse, MONTGOMERY, Q, XI } from '../parameters.ts'
import { limbs, words } from './limbs.ts'

/** The AssemblyScript source of the constants of the curve and its twist, as addresses of elements. */
export function curveConstantsSource(): string {
  const norm = inverse(XI.c0 ** 2n + XI.c1 ** 2n, Q)
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

/** q in eight words of 32 bits. */
export const Q_WORDS = memory.data<u32>([${words(Q)}]);
/** 1/2 in Fq. */
export const HALF = ${element(inverse(2n, Q))};
/** b of the curve y² = x³ + b, in Fq. */
export const CURVE_B = ${element(CURVE_B)};
/** b/ξ of the twist, in Fq2. */
export const TWIST_B = ${element(CURVE_B * XI.c0 * norm, -CURVE_B * XI.c1 * norm)};
`
}

/** Memory that holds an element, its parts one after another, in Montgomery form. */
function element(...parts: readonly bigint[]): string {
  const words = parts.flatMap((part) => limbs((((part % Q) + Q) * MONTGOMERY) % Q))
  return `memory.data<i32>([${words.join(', ')}])`
}
