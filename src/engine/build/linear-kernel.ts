import { ELEMENT_BYTES, LIMB_BITS, LIMBS, Q } from '../parameters.ts'
import { limbs } from './limbs.ts'

const MASK = (1n << BigInt(LIMB_BITS)) - 1n
const SHIFT = 44n
/** A top limb times this, shifted by SHIFT, is the value over q. */
const SCALE = ((1n << BigInt(LIMB_BITS * (LIMBS - 1))) << SHIFT) / Q
const Q_LIMBS = limbs(Q)

/** `factor` times the element of Fq that lies `offset` bytes behind `pointer`. */
type Term = { readonly pointer: string; readonly offset: number; readonly factor: bigint }

/**
 * A sum of small multiples of elements of Fq less the nearest multiple of q, limb by limb; that multiple, in the local
 * `multiple`, is judged by the top limbs alone, of which the rest is less than 2^-15 for the factors used here.
 */
export function linearPart(terms: readonly Term[], multiple: string) {
  const sum = (limb: number): string =>
    terms
      .filter(({ factor }) => factor !== 0n)
      .map(({ pointer, offset, factor }) => {
        const value = `<i64>load<i32>(${pointer}, ${offset + 4 * limb})`
        if (factor === 1n) return value
        return factor === -1n ? `-${value}` : `${value} * ${factor}`
      })
      .join(' + ')
  return {
    prepare: `  const ${multiple} = ((${sum(LIMBS - 1)}) * ${SCALE} + ${1n << (SHIFT - 1n)}) >> ${SHIFT};`,
    terms: (limb: number): string => `${sum(limb)} - ${multiple} * ${Q_LIMBS[limb]}`,
  }
}

type Coefficient = { readonly c0: bigint; readonly c1: bigint }

/** r = Σ coefficientₙ·xₙ over Fq2, carried and reduced to |r| < 0.51·q in both parts; r may be any of the operands. */
function linear(name: string, coefficients: readonly Coefficient[]): string {
  const pointers = coefficients.map((_, index) => `x${index}`)
  const parts = [0, 1].map((part) =>
    linearPart(
      coefficients.flatMap(({ c0, c1 }, index) => {
        const [own, other] = part === 0 ? [c0, -c1] : [c0, c1]
        const pointer = `x${index}`
        const [ownOffset, otherOffset] = part === 0 ? [0, ELEMENT_BYTES] : [ELEMENT_BYTES, 0]
        return [
          { pointer, offset: ownOffset, factor: own },
          { pointer, offset: otherOffset, factor: other },
        ]
      }),
      `k${part}`,
    ),
  )
  const lines = [
    `export function ${name}(r: usize${pointers.map((pointer) => `, ${pointer}: usize`).join('')}): void {`,
    ...parts.map(({ prepare }) => prepare),
    '  let c: i64 = 0, d: i64 = 0;',
  ]
  for (let limb = 0; limb < LIMBS; limb++) {
    lines.push(`  c += ${parts[0]?.terms(limb)};`, `  d += ${parts[1]?.terms(limb)};`)
    if (limb === LIMBS - 1) {
      lines.push(`  store<i32>(r, <i32>c, ${4 * limb}); store<i32>(r, <i32>d, ${ELEMENT_BYTES + 4 * limb});`)
    } else {
      lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * limb}); c >>= ${LIMB_BITS};`)
      lines.push(`  store<i32>(r, <i32>d & ${MASK}, ${ELEMENT_BYTES + 4 * limb}); d >>= ${LIMB_BITS};`)
    }
  }
  return [...lines, '}'].join('\n')
}

function times(factor: bigint, { c0, c1 }: Coefficient = { c0: 1n, c1: 0n }): Coefficient {
  return { c0: factor * c0, c1: factor * c1 }
}

/** Multiples of q that the lanes below may take off: k·q for |k| ≤ MULTIPLES. */
const MULTIPLES = 64n
/**
 * What a sum is made of: multiples of operands by ±1, ±2 or ±3, and perhaps ±ξ times another, which then comes first.
 */
type Sum = { readonly xi?: 1 | -1; readonly factors: readonly number[] }

/**
 * The same sums four limbs at a time, for factors so small that no lane leaves 32 bits. The multiple of q comes out of
 * a table, and every limb passes its carry on once, which leaves it in [−4, 2^29 + 4).
 */
function lanes(name: string, { xi, factors }: Sum): string {
  const pointers = [...(xi ? ['x'] : []), ...factors.map((_, index) => `x${index}`)]
  const lines = [
    `export function ${name}(r: usize${pointers.map((pointer) => `, ${pointer}: usize`).join('')}): void {`,
  ]
  for (const part of [0, 1] as const) {
    const names = { low: `l${part}`, high: `h${part}`, top: `t${part}` }
    const own = part * ELEMENT_BYTES
    if (xi) lines.push(...timesXi(names, { own, other: ELEMENT_BYTES - own, real: part === 0, negative: xi < 0 }))
    else lines.push(`  let ${names.low} = i32x4.splat(0), ${names.high} = i32x4.splat(0), ${names.top} = 0;`)
    for (const [index, factor] of factors.entries()) lines.push(...addMultiple(names, index, own, factor))
    lines.push(...reduceLanes(names, part, bias(part, xi, factors)))
  }
  for (const part of [0, 1]) {
    const offset = part * ELEMENT_BYTES
    lines.push(
      `  v128.store(r, l${part}, ${offset}); v128.store(r, h${part}, ${offset + 16});`,
      `  store<i32>(r, t${part}, ${offset + 32});`,
    )
  }
  return [...lines, '}'].join('\n')
}

/** Locals for limbs 0 … 3, 4 … 7 and 8. */
type Names = { readonly low: string; readonly high: string; readonly top: string }

/**
 * How many times 2^29 a lane is moved so that it stays in 32 bits, which the carry takes back: the sum of what is
 * added may come to five times 2^29, or that of what is taken off, the multiple of q included.
 */
function bias(part: 0 | 1, xi: 1 | -1 | undefined, factors: readonly number[]): number {
  const terms = [...factors, -1]
  // (8 + 1)·own ∓ other: the eight fills a lane once.
  if (xi) terms.push(2 * xi, part === 0 ? -xi : xi)
  const sum = (sign: 1 | -1): number => terms.reduce((all, term) => all + Math.max(0, sign * term), 0)
  const [up, down] = [sum(1), sum(-1)]
  if (up + down > 6) throw new RangeError(`lanes of ${terms.join(', ')} times 2^${LIMB_BITS} do not stay in 32 bits`)
  return Math.max(0, down - 3) - Math.max(0, up - 3)
}

/** The four lanes of `b` moved up by one, the last of `a` before them. */
function moved(a: string, b: string): string {
  return `i8x16.shuffle(${a}, ${b}, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27)`
}

function addMultiple({ low, high, top }: Names, index: number, own: number, factor: number): string[] {
  const operation = factor > 0 ? 'i32x4.add' : 'i32x4.sub'
  const size = Math.abs(factor)
  const times = (lane: string): string =>
    size === 1 ? lane : size === 2 ? `i32x4.shl(${lane}, 1)` : `i32x4.add(${lane}, i32x4.shl(${lane}, 1))`
  const add = (lane: string, offset: number): string[] => [
    `  const v${index}${lane} = v128.load(x${index}, ${own + offset});`,
    `  ${lane} = ${operation}(${lane}, ${times(`v${index}${lane}`)});`,
  ]
  return [...add(low, 0), ...add(high, 16), `  ${top} += ${factor} * load<i32>(x${index}, ${own + 32});`]
}

/** Eight times a limb is its low bits moved up, and its three high bits in the next one. */
function timesXi(
  { low, high, top }: Names,
  { own, other, real, negative }: { own: number; other: number; real: boolean; negative: boolean },
): string[] {
  const bits = LIMB_BITS - 3
  const cut = `i32x4.splat(${(1n << BigInt(bits)) - 1n})`
  const operation = real ? 'i32x4.sub' : 'i32x4.add'
  const nine = (lane: string, below: string): string => {
    const eight = `i32x4.shl(v128.and(${lane}, ${cut}), 3)`
    return `i32x4.add(${lane}, i32x4.add(${eight}, ${moved(below, `i32x4.shr_s(${lane}, ${bits})`)}))`
  }
  const sign = (value: string): string => (negative ? `i32x4.neg(${value})` : value)
  const [x, y] = [`x${low}`, `x${high}`]
  return [
    `  const ${x} = v128.load(x, ${own}), ${y} = v128.load(x, ${own + 16});`,
    `  let ${low} = ${sign(`${operation}(${nine(x, 'i32x4.splat(0)')}, v128.load(x, ${other}))`)};`,
    `  let ${high} = ${sign(`${operation}(${nine(y, `i32x4.shr_s(${x}, ${bits})`)}, v128.load(x, ${other + 16}))`)};`,
    `  let ${top} = 9 * load<i32>(x, ${own + 32}) ${real ? '-' : '+'} load<i32>(x, ${other + 32});`,
    `  ${top} += i32x4.extract_lane(${y}, 3) >> ${bits};`,
    ...(negative ? [`  ${top} = -${top};`] : []),
  ]
}

function reduceLanes({ low, high, top }: Names, part: number, shift: number): string[] {
  const [k, a, b] = [`k${part}`, `a${part}`, `b${part}`]
  const less = (lane: string, offset: number): string => {
    const difference = `i32x4.sub(${lane}, v128.load(${k}, ${offset}))`
    return shift === 0 ? difference : `i32x4.add(${difference}, i32x4.splat(${BigInt(shift) << BigInt(LIMB_BITS)}))`
  }
  const carry = (lane: string): string => {
    const shifted = `i32x4.shr_s(${lane}, ${LIMB_BITS})`
    return shift === 0 ? shifted : `i32x4.sub(${shifted}, i32x4.splat(${shift}))`
  }
  const rounded = (1n << (SHIFT - 1n)) + (MULTIPLES << SHIFT)
  return [
    `  const ${k} = TABLE + ${ELEMENT_BYTES} * <usize>((<i64>${top} * ${SCALE} + ${rounded}) >> ${SHIFT});`,
    `  ${low} = ${less(low, 0)}; ${high} = ${less(high, 16)};`,
    `  const ${a} = ${carry(low)}, ${b} = ${carry(high)};`,
    `  ${low} = i32x4.add(v128.and(${low}, i32x4.splat(${MASK})), ${moved('i32x4.splat(0)', a)});`,
    `  ${high} = i32x4.add(v128.and(${high}, i32x4.splat(${MASK})), ${moved(a, b)});`,
    `  ${top} += i32x4.extract_lane(${b}, 3) - load<i32>(${k}, 32);`,
  ]
}

/** The AssemblyScript source of the sums that the tower and the lines of the pairing consist of. */
export function linearKernelSource(): string {
  const sums: Readonly<Record<string, Sum>> = {
    fq2Sum: { factors: [1, 1] },
    fq2Difference: { factors: [1, -1] },
    fq2Less2: { factors: [1, -1, -1] },
    fq2LessXi: { xi: -1, factors: [1, -1] },
    fq2Double: { factors: [2] },
    fq2Negative: { factors: [-1] },
    fq2Triple: { factors: [3] },
    fq2MinusTriple: { factors: [-3] },
    fq2Xi: { xi: 1, factors: [] },
    fq2XiAdd: { xi: 1, factors: [1] },
    fq2XiAdd2: { xi: 1, factors: [1, 1] },
    fq2XiSub: { xi: 1, factors: [-1] },
    // Cyclotomic squaring.
    fq2TripleLess: { factors: [3, -2] },
    fq2MinusTripleAdd: { factors: [-3, 2] },
  }
  const kernels: [string, Coefficient[]][] = [
    ['fq2MinusQuadruple', [times(-4n)]],
    // Doubling on the twist.
    ['fq2TwistDouble', [times(2n), times(2n)]],
    ['fq2TwistPlus', [times(4n), times(3n)]],
    ['fq2TwistMinus', [times(-4n), times(-6n)]],
  ]
  const table = Array.from({ length: 2 * Number(MULTIPLES) + 1 }, (_, index) =>
    signedLimbs((BigInt(index) - MULTIPLES) * Q),
  )
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

/** k·q for k from −${MULTIPLES} on. */
const TABLE = memory.data<i32>([${table.flat().join(', ')}]);

${Object.entries(sums)
  .map(([name, sum]) => lanes(name, sum))
  .join('\n\n')}

${kernels.map(([name, coefficients]) => linear(name, coefficients)).join('\n\n')}
`
}

/** Limbs of which the last has the sign. */
function signedLimbs(value: bigint): bigint[] {
  const all = limbs(value, LIMBS - 1)
  return [...all, value >> BigInt(LIMB_BITS * (LIMBS - 1))]
}
