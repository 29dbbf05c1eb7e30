import { ELEMENT_BYTES, LIMB_BITS, LIMBS, MONTGOMERY, power } from '../parameters.ts'
import { load, products } from './columns.ts'
import { limbs } from './limbs.ts'

/*
 * Butterflies multiply by roots of unity w that are known long before. Such a product needs no Montgomery reduction:
 * with s = w·2^261/p, rounded, kept beside w, the quotient q ≈ b·w/p is the high half of b·s, and b·w − q·p fits in
 * nine limbs, so its low half is all of it (Shoup's method in NTL; Harvey, "Faster arithmetic for number-theoretic
 * transforms", 2014, §2). Three half products, 135 limb products, where a Montgomery multiplication takes 162.
 *
 * w and s have balanced limbs, in [−2^28, 2^28), and |w| < 0.51·p; b has limbs in (−2^29, 2^29). Columns 0 to 7 of b·s
 * are left out: with eight products of at most 2^57 the last of them changes the quotient by at most 4. With the
 * rounding (½) and the error of s (¼ for |b| ≤ 84p) the product lies within ±4.8·p, within ±5·p for |b| ≤ 169p.
 */

const MASK = (1n << BigInt(LIMB_BITS)) - 1n
const ALL = limbs(0n).map((_, limb) => limb)
const TOP = LIMBS - 1

/** q0 … q8, the limbs of the rounded quotient of b·w by p, from the columns 8 … 16 of b·s. */
function quotient(): string[] {
  const half = 1n << BigInt(LIMB_BITS - 1)
  const lines = [`    let c = (${products('b', 's', TOP).join(' + ')} + ${half}) >> ${LIMB_BITS};`]
  for (let limb = 0; limb < TOP; limb++) {
    lines.push(`    c += ${products('b', 's', LIMBS + limb).join(' + ')};`)
    lines.push(`    const q${limb} = c & ${MASK}; c >>= ${LIMB_BITS};`)
  }
  return [...lines, `    const q${TOP} = c;`]
}

/** Column `limb` of b·w − q·p. */
function remainder(p: bigint, limb: number): string {
  const subtracted = ALL.slice(0, limb + 1).map((i) => `q${i} * ${limbs(p)[limb - i]}`)
  return [products('b', 'w', limb).join(' + '), ...subtracted].join(' - ')
}

/** Stores a limb of the carry chain `c`. */
function put(pointer: string, c: string, limb: number): string {
  if (limb < TOP) return `    store<i32>(${pointer}, <i32>${c} & ${MASK}, ${4 * limb}); ${c} >>= ${LIMB_BITS};`
  return `    store<i32>(${pointer}, <i32>${c}, ${4 * limb});`
}

/** The same where the columns beyond the ninth were left out: the value is below 2^260, so bit 28 is the sign. */
function putLow(pointer: string, c: string, limb: number): string {
  if (limb < TOP) return put(pointer, c, limb)
  return `    store<i32>(${pointer}, (<i32>${c} << ${32 - LIMB_BITS}) >> ${32 - LIMB_BITS}, ${4 * limb});`
}

/** The multiple of p nearest to a value, by its top limb, as the constant `name`. */
function nearest(p: bigint, name: string, top: string): string {
  const shift = 44n
  const scale = ((1n << BigInt(LIMB_BITS * TOP)) << shift) / p
  return `    const ${name} = ((${top}) * ${scale} + ${1n << (shift - 1n)}) >> ${shift};`
}

type Loop = { name: string; comment: string; root: boolean; body: readonly string[] }

function loop({ name, comment, root, body }: Loop): string {
  const head = `export function ${name}(a: usize, b: usize, end: usize${root ? ', w: usize' : ''}): void {`
  const roots = root ? [load('w', 'w'), load('s', 'w', ELEMENT_BYTES)] : []
  const step = `  for (; a < end; a += ${ELEMENT_BYTES}, b += ${ELEMENT_BYTES}) {`
  return [`/** ${comment} */`, head, ...roots, step, ...body, '  }', '}'].join('\n')
}

function cooleyTukey(p: bigint): string {
  const body = [load('b', 'b'), ...quotient(), '    let u: i64, x: i64, e: i64 = 0, d: i64 = 0;']
  for (const limb of ALL) {
    body.push(`    u = ${remainder(p, limb)};`, `    x = <i64>load<i32>(a, ${4 * limb}); e += x + u; d += x - u;`)
    body.push(putLow('a', 'e', limb), putLow('b', 'd', limb))
  }
  const comment =
    '(a, b) ← (a + w·b, a − w·b): carried; absolute values grow by less than 4.8·p and must stay below 84·p.'
  return loop({ name: 'cooleyTukey', comment, root: true, body })
}

function gentlemanSande(p: bigint, reduced: boolean): string {
  const body = [load('x', 'a'), load('y', 'b'), '    let e: i64 = 0, d: i64 = 0;']
  body.push(...ALL.map((limb) => `    const b${limb} = y${limb} - x${limb};`))
  if (reduced) body.push(nearest(p, 'k', `x${TOP} + y${TOP}`))
  for (const limb of ALL) {
    body.push(`    e += x${limb} + y${limb}${reduced ? ` - k * ${limbs(p)[limb]}` : ''};`, put('a', 'e', limb))
  }
  body.push(...quotient())
  for (const limb of ALL) body.push(`    d += ${remainder(p, limb)};`, putLow('b', 'd', limb))
  const sum = reduced ? 'a + b, reduced' : 'a + b'
  const comment = `(a, b) ← (${sum}, (b − a)·w): carried; the product is within ±5·p for |b − a| < 169·p.`
  return loop({ name: reduced ? 'gentlemanSandeReduced' : 'gentlemanSande', comment, root: true, body })
}

function sumDifference(p: bigint): string {
  const body = [load('x', 'a'), load('y', 'b'), '    let e: i64 = 0, d: i64 = 0;']
  body.push(nearest(p, 'k', `x${TOP} + y${TOP}`), nearest(p, 'l', `x${TOP} - y${TOP}`))
  for (const limb of ALL) {
    body.push(`    e += x${limb} + y${limb} - k * ${limbs(p)[limb]};`, put('a', 'e', limb))
    body.push(`    d += x${limb} - y${limb} - l * ${limbs(p)[limb]};`, put('b', 'd', limb))
  }
  return loop({ name: 'sumDifference', comment: '(a, b) ← (a + b, a − b), reduced.', root: false, body })
}

/** The exponent of two in p − 1: the largest domain of p's field has that many layers. */
function twoAdicity(p: bigint): number {
  let log = 0
  while (((p - 1n) >> BigInt(log)) % 2n === 0n) log++
  return log
}

/** A generator of the subgroup of order 2^twoAdicity: of the least non-residue, as `.zkey` files mean it. */
function rootOfUnity(p: bigint): bigint {
  let base = 2n
  while (power(base, (p - 1n) / 2n, p) === 1n) base++
  return power(base, (p - 1n) >> BigInt(twoAdicity(p)), p)
}

function words(value: bigint): string {
  return `memory.data<i32>([${limbs(value).join(', ')}])`
}

/** The AssemblyScript source of the butterflies over the field of `p` and of the constants that their roots need. */
export function butterflySource(p: bigint): string {
  const negativeInverse = MONTGOMERY - inverseModuloMontgomery(p)
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

/** The largest domain's points, as a power of two. */
export const TWO_ADICITY = ${twoAdicity(p)};
/** The root of unity of order 2^TWO_ADICITY, in Montgomery form. */
export const ROOT_OF_UNITY = ${words((rootOfUnity(p) * MONTGOMERY) % p)};
/** 2^522 mod p, as it is. */
export const MONTGOMERY_SQUARED = ${words(MONTGOMERY ** 2n % p)};
/** −1/p mod 2^261. */
export const NEGATIVE_INVERSE = ${words(negativeInverse)};

${[cooleyTukey(p), gentlemanSande(p, false), gentlemanSande(p, true), sumDifference(p)].join('\n\n')}
`
}

/** 1/p mod 2^261: the odd residues modulo 2^k have orders that divide 2^(k−2). */
function inverseModuloMontgomery(p: bigint): bigint {
  return power(p, MONTGOMERY / 4n - 1n, MONTGOMERY)
}
