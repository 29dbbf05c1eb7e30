import { LIMB_BITS, LIMBS } from '../parameters.ts'
import { COLUMNS, declare, load, products, Reduction } from './columns.ts'
import { limbs } from './limbs.ts'

/*
 * A row of a constraint matrix times the witness: Σ cᵢ·wᵢ, the products summed by columns and reduced once.
 * Coefficients have balanced limbs, in [−2^28, 2^28), witness values limbs in [0, 2^29): a product adds at most
 * 9·2^57 to a column, the reduction 9·2^58, so five products fit before the columns are carried:
 * (5·9 + 18)·2^57 + 2^35 < 2^63.
 */

const MASK = (1n << BigInt(LIMB_BITS)) - 1n
const TOP = LIMBS - 1
/** Products between two carries of the columns. */
const BATCH = 5
const SUMS = limbs(0n).map((_, limb) => `t${limb}`)
const COLUMN = Array.from({ length: COLUMNS }, (_, column) => `c${column}`)

/** Every column but the last into [0, 2^29). */
function carry(): string[] {
  return COLUMN.slice(0, -1).map(
    (column, index) => `      ${COLUMN[index + 1]} += ${column} >> ${LIMB_BITS}; ${column} &= ${MASK};`,
  )
}

/** `count` addresses at `at`: adds or subtracts the elements there. */
function terms(count: string, sign: '+' | '-'): string[] {
  return [
    `  for (let end = at + 4 * ${count}; at < end; at += 4) {`,
    '    const x = <usize>load<u32>(at);',
    ...SUMS.map((sum, limb) => `    ${sum} ${sign}= <i64>load<i32>(x, ${4 * limb});`),
    '  }',
  ]
}

/** Reduces the columns, adds the sums t0 … t8 less the multiple of p nearest to them, and stores the result. */
function finish(p: bigint): string[] {
  const reduction = new Reduction(p, 'm')
  const shift = 44n
  const scale = ((1n << BigInt(LIMB_BITS * TOP)) << shift) / p
  const lines = [
    `  const k = (t${TOP} * ${scale} + ${1n << (shift - 1n)}) >> ${shift};`,
    declare('m'),
    '  let c: i64 = 0;',
  ]
  for (let column = 0; column < COLUMNS; column++) {
    const limb = column - LIMBS
    const low = limb < 0 ? [] : [SUMS[limb] ?? '']
    const sum = [COLUMN[column], ...reduction.terms(column), ...low].join(' + ')
    if (limb < 0) lines.push(`  c += ${sum};`, `  ${reduction.step(column, 'c')}`)
    else {
      lines.push(`  c += ${sum} - k * ${limbs(p)[limb]};`)
      lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * limb}); c >>= ${LIMB_BITS};`)
    }
  }
  return [...lines, `  store<i32>(r, <i32>(c + t${TOP} - k * ${limbs(p)[TOP]}), ${4 * TOP});`]
}

/** The AssemblyScript source of `combine`. */
export function combinationSource(p: bigint): string {
  const operands = COLUMN.map((column, index) => `      ${column} += ${products('a', 'b', index).join(' + ')};`)
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

/**
 * r = Σ cᵢ·wᵢ/2^261 + Σ vⱼ − Σ uₖ, as \`at\` lists them: a word with the three counts (10 bits each, low first), then a
 * coefficient's and a value's address for each product, then the addresses of v and of u. Returns where the list ends.
 */
export function combine(r: usize, at: usize): usize {
  const counts = load<u32>(at);
  at += 4;
  let ${[...COLUMN, ...SUMS].map((name) => `${name}: i64 = 0`).join(', ')};
  let batch = ${BATCH};
  for (let end = at + 8 * <usize>(counts & 1023); at < end; at += 8) {
    const x = <usize>load<u32>(at), y = <usize>load<u32>(at, 4);
  ${load('a', 'x')}
  ${load('b', 'y')}
${operands.join('\n')}
    if (--batch === 0) {
      batch = ${BATCH};
${carry().join('\n')}
    }
  }
${[...terms('<usize>((counts >>> 10) & 1023)', '+'), ...terms('<usize>(counts >>> 20)', '-'), ...finish(p)].join('\n')}
  return at;
}
`
}
