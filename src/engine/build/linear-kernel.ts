import { ELEMENT_BYTES, LIMB_BITS, LIMBS, Q, XI } from '../parameters.ts'
import { limbs } from './prime-field.ts'

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

/** The AssemblyScript source of the sums that the tower and the lines of the pairing consist of. */
export function linearKernelSource(): string {
  const kernels: [string, Coefficient[]][] = [
    ['fq2Sum', [times(1n), times(1n)]],
    ['fq2Difference', [times(1n), times(-1n)]],
    ['fq2Less2', [times(1n), times(-1n), times(-1n)]],
    ['fq2LessXi', [times(1n), times(-1n), times(-1n, XI)]],
    ['fq2Xi', [times(1n, XI)]],
    ['fq2XiAdd', [times(1n, XI), times(1n)]],
    ['fq2XiAdd2', [times(1n, XI), times(1n), times(1n)]],
    ['fq2Negative', [times(-1n)]],
    ['fq2XiSub', [times(1n, XI), times(-1n)]],
    ['fq2Double', [times(2n)]],
    ['fq2MinusTriple', [times(-3n)]],
    ['fq2MinusQuadruple', [times(-4n)]],
    // Cyclotomic squaring.
    ['fq2Cyclotomic0', [times(3n), times(3n, XI), times(-2n)]],
    ['fq2Cyclotomic1', [times(3n), times(3n), times(-3n), times(2n)]],
    ['fq2Cyclotomic2', [times(3n, XI), times(3n, XI), times(-3n, XI), times(2n)]],
    // Doubling on the twist.
    ['fq2TwistDouble', [times(2n), times(2n)]],
    ['fq2TwistPlus', [times(4n), times(3n)]],
    ['fq2TwistMinus', [times(-4n), times(-6n)]],
  ]
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

${kernels.map(([name, coefficients]) => linear(name, coefficients)).join('\n\n')}
`
}
