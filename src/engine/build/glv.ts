import { G1_GENERATOR, G2_GENERATOR, HALF_BITS, LIMB_BITS, LIMBS, MONTGOMERY, power, Q, R } from '../parameters.ts'
import { FQ, FQ2, multiple } from './bigint-curve.ts'
import { limbs } from './limbs.ts'

/** (a, b) with a + b·λ ≡ 0 mod r. */
export type Relation = { readonly a: bigint; readonly b: bigint }

/** What splitting scalars by the endomorphism (x, y) ↦ (βx, y) takes: Gallant, Lambert and Vanstone (2001). */
export type Endomorphism = {
  /** λ² + λ + 1 ≡ 0 mod r. */
  readonly lambda: bigint
  /** (βx, y) = λ(x, y) on G1. */
  readonly betaG1: bigint
  /** The same on G2: the other root of β² + β + 1. */
  readonly betaG2: bigint
  /** A reduced basis of the relations, with b₁ > 0 > b₂ and a₁b₂ − a₂b₁ = −r: long are a₁ and b₂. */
  readonly basis: readonly [Relation, Relation]
}

/** A root of x² + x + 1 modulo a prime. */
function cubeRootOfUnity(prime: bigint): bigint {
  for (let base = 2n; ; base++) {
    const root = power(base, (prime - 1n) / 3n, prime)
    if (root !== 1n) return root
  }
}

/** Euclid's remainders of r and λ, stopped around √r: each is a = −b·λ mod r (Guide to ECC, algorithm 3.74). */
function reducedBasis(lambda: bigint): readonly [Relation, Relation] {
  let [previous, current]: Relation[] = [
    { a: R, b: 0n },
    { a: lambda, b: -1n },
  ]
  if (!previous || !current) throw new Error('no relations')
  while (current.a * current.a >= R) {
    const quotient: bigint = previous.a / current.a
    const next: Relation = { a: previous.a - quotient * current.a, b: previous.b - quotient * current.b }
    previous = current
    current = next
  }
  if (previous.a * current.b - current.a * previous.b !== -R || previous.b < 0n) throw new Error('no such basis')
  return [previous, current]
}

/** Finds β for both groups by trying, which asserts the endomorphism on both generators. */
export function endomorphism(): Endomorphism {
  const lambda = cubeRootOfUnity(R)
  const roots = [cubeRootOfUnity(Q), cubeRootOfUnity(Q) ** 2n % Q]
  const [image1, image2] = [multiple(FQ, G1_GENERATOR, lambda), multiple(FQ2, G2_GENERATOR, lambda)]
  const { x, y } = G2_GENERATOR
  const betaG1 = roots.find((beta) => (beta * G1_GENERATOR.x) % Q === image1.x)
  const betaG2 = roots.find((beta) => (beta * x.c0) % Q === image2.x.c0 && (beta * x.c1) % Q === image2.x.c1)
  const kept = image1.y === G1_GENERATOR.y && image2.y.c0 === y.c0 && image2.y.c1 === y.c1
  if (betaG1 === undefined || betaG2 === undefined || !kept) throw new Error('no β that multiplies by λ')
  return { lambda, betaG1, betaG2, basis: reducedBasis(lambda) }
}

const MASK = (1n << BigInt(LIMB_BITS)) - 1n
/** Limbs of a half: 145 bits for 127 and a sign. */
const HALF_LIMBS = 5

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

/**
 * The nearest integer to k·b/r, but for 2^−7: the limbs of k from `skipped` on, times b·2^261/r, without the limbs
 * that the result does not have. Two factors of `count` limbs each, skipped + count = 9.
 */
function quotient(name: string, b: bigint, skipped: number): string[] {
  const count = LIMBS - skipped
  const reciprocal = limbs((b * MONTGOMERY + R / 2n) / R, count)
  const lines = ['  c = 0;']
  for (let column = 0; column < 2 * count - 1; column++) {
    const terms = reciprocal.flatMap((limb, index) => {
      const other = column - index
      return other >= 0 && other < count ? [`k${skipped + other} * ${limb}`] : []
    })
    // Half of what is dropped below, so that the nearest integer comes out.
    if (column === count - 1) terms.push(`${1n << BigInt(LIMB_BITS - 1)}`)
    lines.push(`  c += ${terms.join(' + ')};`)
    if (column >= count) lines.push(`  ${name}${column - count} = c & ${MASK};`)
    lines.push(`  c >>= ${LIMB_BITS};`)
  }
  return [...lines, `  ${name}${count - 1} = c;`]
}

/** start − c·first − d·second by columns, stored shifted left by one as 128 bits. */
function half(start: boolean, offset: number, first: bigint, second: bigint): string[] {
  const lines = ['  c = 0;']
  for (let column = 0; column < HALF_LIMBS; column++) {
    const terms = start ? [`k${column}`] : []
    for (const [name, count, factor] of [
      ['c', 5, first],
      ['d', 3, second],
    ] as const) {
      const sign = factor < 0n ? '' : '-'
      for (const [index, limb] of limbs(factor < 0n ? -factor : factor, HALF_LIMBS).entries()) {
        const other = column - index
        if (limb !== 0n && other >= 0 && other < count) terms.push(`${name}${other} * ${sign}${limb}`)
      }
    }
    lines.push(`  c += ${terms.join(' + ')};`, `  l${column} = c & ${MASK}; c >>= ${LIMB_BITS};`)
  }
  // Limb i begins at bit 29i + 1.
  lines.push(`  store<i64>(r, (l0 << 1) | (l1 << 30) | (l2 << 59), ${offset});`)
  lines.push(`  store<i64>(r, (l2 >> 5) | (l3 << 24) | (l4 << 53), ${offset + 8});`)
  return lines
}

/** The AssemblyScript source of the endomorphism: β for both groups and the splitting of scalars. */
export function glvSource(): string {
  const { betaG1, betaG2, basis } = endomorphism()
  const [first, second] = basis
  const data = (beta: bigint): string => `memory.data<i32>([${limbs((beta * MONTGOMERY) % Q).join(', ')}])`
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.
import { Fr } from './fr'

/** Bits of half a scalar, a sign among them. */
export const HALF_BITS: usize = ${HALF_BITS}
/** β of (βx, y) = λ(x, y), in Montgomery form. */
export const BETA_G1 = ${data(betaG1)};
export const BETA_G2 = ${data(betaG2)};

const SCALAR = memory.data(36, 16);

/**
 * k = k₁ + k₂λ mod r for the 256-bit k of 8 words at \`words\`: 2k₁, then 2k₂, at r, each as 16 bytes in two's
 * complement. |kᵢ| < 2^126; and where k or k − r is below 2^125 in absolute value, k₂ = 0 and k₁ is that.
 */
export function splitScalar(r: usize, words: usize): void {
  changetype<Fr>(SCALAR).unpack(words);
  const ${names('k', LIMBS)
    .map((name, index) => `${name} = load<i32>(SCALAR, ${4 * index}) as i64`)
    .join(', ')};
  let c: i64, ${['c0', 'c1', 'c2', 'c3', 'c4', ...names('d', 3), ...names('l', HALF_LIMBS)]
    .map((name) => `${name}: i64`)
    .join(', ')};
${[...quotient('c', -second.b, 4), ...quotient('d', first.b, 6)].join('\n')}
${[...half(true, 0, first.a, second.a), ...half(false, 16, first.b, second.b)].join('\n')}
  memory.fill(SCALAR, 0, 36);
}
`
}
