import { ELEMENT_BYTES, LIMB_BITS, LIMBS, Q } from '../parameters.ts'
import { COLUMNS, declare, load, Reduction, squares } from './columns.ts'
import { limbs } from './limbs.ts'

const MASK = (1n << BigInt(LIMB_BITS)) - 1n

/**
 * The AssemblyScript source of a₀² + a₁² with one reduction: for weights up to one, both squares add less than 18·2^58
 * to a column and the reduction less than 10·2^58.
 */
export function fq2NormSource(): string {
  const reduction = new Reduction(Q, 'm')
  const doubled = limbs(0n).map((_, index) => `d${index} = a${index} << 1, e${index} = x${index} << 1`)
  const lines = ['export function fq2Norm(r: usize, a: usize): void {', load('a', 'a'), load('x', 'a', ELEMENT_BYTES)]
  lines.push(`  const ${doubled.join(', ')};`, '  let c: i64 = 0;', declare('m'))
  for (let column = 0; column < COLUMNS; column++) {
    const terms = [...squares('a', 'd', column), ...squares('x', 'e', column), ...reduction.terms(column)]
    lines.push(`  c += ${terms.join(' + ')};`)
    if (column < LIMBS) lines.push(`  ${reduction.step(column, 'c')}`)
    else lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * (column - LIMBS)}); c >>= ${LIMB_BITS};`)
  }
  lines.push(`  store<i32>(r, <i32>c, ${4 * (LIMBS - 1)});`, '}')
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.\n\n${lines.join('\n')}\n`
}
