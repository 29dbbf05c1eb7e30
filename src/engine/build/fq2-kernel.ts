import { ELEMENT_BYTES, LIMB_BITS, LIMBS, Q } from '../parameters.ts'
import { linearPart } from './linear-kernel.ts'
import { COLUMNS, declare, limbs, load, products, Reduction } from './prime-field.ts'

const MASK = (1n << BigInt(LIMB_BITS)) - 1n

/** Pointers of what is taken from a product, and of what is added to it. */
type Addends = { readonly minus?: readonly string[]; readonly plus?: readonly string[] }

/**
 * (a₀ + a₁i)(b₀ + b₁i) by Karatsuba, column by column, with two reductions where three products would take three
 * (Aranha et al., "Faster Explicit Formulas for Computing Pairings over Ordinary Curves", 2011, §2.2). Columns are
 * signed, so the differences need no correction.
 */
function product(name: string, { minus = [], plus = [] }: Addends = {}): string {
  const [c, d] = [new Reduction(Q, 'm'), new Reduction(Q, 'n')]
  const pointers = [...minus, ...plus]
  const fused = pointers.length > 0
  const sums = [0, ELEMENT_BYTES].map((offset, part) =>
    linearPart(
      [
        ...minus.map((pointer) => ({ pointer, offset, factor: -1n })),
        ...plus.map((pointer) => ({ pointer, offset, factor: 1n })),
      ],
      `k${part}`,
    ),
  )
  const names = limbs(0n).map((_, index) => index)
  const lines = [
    `export function ${name}(r: usize, a: usize, b: usize${pointers.map((pointer) => `, ${pointer}: usize`).join('')}): void {`,
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

/** The AssemblyScript source of the products of Fq2. */
export function fq2KernelSource(): string {
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

${product('fq2Mul')}

${product('fq2MulSub', { minus: ['e'] })}

${product('fq2MulAdd', { plus: ['e'] })}

${product('fq2MulAdd2', { plus: ['e', 'f'] })}

${product('fq2MulAdd3', { plus: ['e', 'f', 'g'] })}
`
}
