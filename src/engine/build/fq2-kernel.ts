import { ELEMENT_BYTES, LIMB_BITS, LIMBS, Q } from '../parameters.ts'
import { COLUMNS, declare, load, products, Reduction } from './columns.ts'
import { limbs } from './limbs.ts'
import { linearPart } from './linear-kernel.ts'

const MASK = (1n << BigInt(LIMB_BITS)) - 1n

/**
 * (a₀ + a₁i)(b₀ + b₁i) by Karatsuba, column by column, with two reductions where three products would take three
 * (Aranha et al., "Faster Explicit Formulas for Computing Pairings over Ordinary Curves", 2011, §2.2). Columns are
 * signed, so the differences need no correction. `factor` times e is added where it is not 0.
 */
function product(name: string, factor: 0n | 1n | -1n): string {
  const [c, d] = [new Reduction(Q, 'm'), new Reduction(Q, 'n')]
  const fused = factor !== 0n
  const sums = addends(factor)
  const names = limbs(0n).map((_, index) => index)
  const lines = [
    `export function ${name}(r: usize, a: usize, b: usize${fused ? ', e: usize' : ''}): void {`,
    load('a', 'a'),
    load('x', 'a', ELEMENT_BYTES),
    load('b', 'b'),
    load('y', 'b', ELEMENT_BYTES),
    `  const ${names.map((i) => `s${i} = a${i} + x${i}, t${i} = b${i} + y${i}`).join(', ')};`,
    ...(fused ? sums.map(({ prepare }) => prepare) : []),
    '  let c: i64 = 0, d: i64 = 0, p: i64, q: i64;',
    declare('m'),
    declare('n'),
  ]
  const extra = (part: number, limb: number): string => (fused && limb >= 0 ? ` + ${sums[part]?.terms(limb)}` : '')
  for (let column = 0; column < COLUMNS; column++) {
    const limb = column - LIMBS
    lines.push(`  p = ${products('a', 'b', column).join(' + ')};`, `  q = ${products('x', 'y', column).join(' + ')};`)
    lines.push(`  c += ${['p - q', ...c.terms(column)].join(' + ')}${extra(0, limb)};`)
    lines.push(`  d += ${[...products('s', 't', column), ...d.terms(column)].join(' + ')} - p - q${extra(1, limb)};`)
    if (limb < 0) lines.push(`  ${c.step(column, 'c')}`, `  ${d.step(column, 'd')}`)
    else {
      lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * limb}); c >>= ${LIMB_BITS};`)
      lines.push(`  store<i32>(r, <i32>d & ${MASK}, ${ELEMENT_BYTES + 4 * limb}); d >>= ${LIMB_BITS};`)
    }
  }
  lines.push(`  store<i32>(r, <i32>(c${extra(0, LIMBS - 1)}), ${4 * (LIMBS - 1)});`)
  lines.push(`  store<i32>(r, <i32>(d${extra(1, LIMBS - 1)}), ${ELEMENT_BYTES + 4 * (LIMBS - 1)});`, '}')
  return lines.join('\n')
}

/** `factor` times the two parts of e. */
function addends(factor: bigint) {
  return [0, ELEMENT_BYTES].map((offset, part) => linearPart([{ pointer: 'e', offset, factor }], `k${part}`))
}

/** (a₀ + a₁)(a₀ − a₁) + 2a₀a₁·i, less e: two products and two reductions, column by column. */
function square(name: string, fused: boolean): string {
  const [c, d] = [new Reduction(Q, 'm'), new Reduction(Q, 'n')]
  const sums = addends(-1n)
  const names = limbs(0n).map((_, index) => index)
  const lines = [
    `export function ${name}(r: usize, a: usize${fused ? ', e: usize' : ''}): void {`,
    load('a', 'a'),
    load('x', 'a', ELEMENT_BYTES),
    `  const ${names.map((i) => `s${i} = a${i} + x${i}, t${i} = a${i} - x${i}, y${i} = x${i} << 1`).join(', ')};`,
    ...(fused ? sums.map(({ prepare }) => prepare) : []),
    '  let c: i64 = 0, d: i64 = 0;',
    declare('m'),
    declare('n'),
  ]
  const extra = (part: number, limb: number): string => (fused && limb >= 0 ? ` + ${sums[part]?.terms(limb)}` : '')
  for (let column = 0; column < COLUMNS; column++) {
    const limb = column - LIMBS
    lines.push(`  c += ${[...products('s', 't', column), ...c.terms(column)].join(' + ')}${extra(0, limb)};`)
    lines.push(`  d += ${[...products('a', 'y', column), ...d.terms(column)].join(' + ')}${extra(1, limb)};`)
    if (limb < 0) lines.push(`  ${c.step(column, 'c')}`, `  ${d.step(column, 'd')}`)
    else {
      lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * limb}); c >>= ${LIMB_BITS};`)
      lines.push(`  store<i32>(r, <i32>d & ${MASK}, ${ELEMENT_BYTES + 4 * limb}); d >>= ${LIMB_BITS};`)
    }
  }
  lines.push(`  store<i32>(r, <i32>(c${extra(0, LIMBS - 1)}), ${4 * (LIMBS - 1)});`)
  lines.push(`  store<i32>(r, <i32>(d${extra(1, LIMBS - 1)}), ${ELEMENT_BYTES + 4 * (LIMBS - 1)});`, '}')
  return lines.join('\n')
}

/** The AssemblyScript source of the products of Fq2. */
export function fq2KernelSource(): string {
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

${product('fq2Mul', 0n)}

${product('fq2MulSub', -1n)}

${square('fq2Sqr', false)}

${square('fq2SqrSub', true)}

${product('fq2MulAdd', 1n)}
`
}
