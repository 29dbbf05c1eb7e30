import { LIMB_BITS, LIMBS, MONTGOMERY, power } from '../parameters.ts'
import { limbs } from './limbs.ts'

const MASK = (1n << BigInt(LIMB_BITS)) - 1n
const TOP = LIMBS - 1
/** How many divsteps make one matrix: as many as a limb has bits, so that dividing by 2^29 drops a limb. */
const STEPS = LIMB_BITS

function load(prefix: string, pointer: string): string {
  return `  const ${limbs(0n)
    .map((_, limb) => `${prefix}${limb} = <i64>load<i32>(${pointer}, ${4 * limb})`)
    .join(', ')};`
}

/** (x, y) = (u·x + v·y, q·x + r·y)/2^29, with multiples of p that make the division go up where there are any. */
function apply(x: string, y: string, p?: { readonly limbs: readonly bigint[]; readonly inverse: bigint }): string {
  const lines = [load('x', x), load('y', y)]
  if (p) {
    // Both stay in (−2p, p): p is added first where one is negative (Bernstein and Yang, §11.2 as implementers do).
    lines.push(`  const s = x${TOP} >> 63, t = y${TOP} >> 63;`)
    lines.push('  let a = (u & s) + (v & t), b = (q & s) + (r & t);')
  }
  lines.push('  let c = u * x0 + v * y0, d = q * x0 + r * y0;')
  if (p) {
    lines.push(`  a -= (c * ${p.inverse} + a) & ${MASK}; c += a * ${p.limbs[0]};`)
    lines.push(`  b -= (d * ${p.inverse} + b) & ${MASK}; d += b * ${p.limbs[0]};`)
  }
  lines.push(`  c >>= ${LIMB_BITS}; d >>= ${LIMB_BITS};`)
  for (let limb = 1; limb < LIMBS; limb++) {
    const multiple = (factor: string): string => (p ? ` + ${factor} * ${p.limbs[limb]}` : '')
    lines.push(`  c += u * x${limb} + v * y${limb}${multiple('a')}; d += q * x${limb} + r * y${limb}${multiple('b')};`)
    lines.push(`  store<i32>(${x}, <i32>c & ${MASK}, ${4 * (limb - 1)}); c >>= ${LIMB_BITS};`)
    lines.push(`  store<i32>(${y}, <i32>d & ${MASK}, ${4 * (limb - 1)}); d >>= ${LIMB_BITS};`)
  }
  lines.push(`  store<i32>(${x}, <i32>c, ${4 * TOP});`, `  store<i32>(${y}, <i32>d, ${4 * TOP});`)
  return lines.join('\n')
}

/**
 * The AssemblyScript source of the inverse in the field of `p`: Bernstein and Yang, "Fast
 * constant-time gcd computation and modular inversion" (2019), in variable time: divsteps on the lowest limbs of f and
 * g give a matrix, which is then applied to f, g and to the factors of `a` in them, until g is zero. Needs the
 * field's `Mul` and `Reduce`.
 */
export function inverseSource(prefix: string, p: bigint): string {
  const [F, G, D, E] = ['F', 'G', 'D', 'E'].map((name) => `INVERSE_${name}`) as [string, string, string, string]
  const zero = `(${limbs(0n)
    .map((_, limb) => `load<i32>(${G}, ${4 * limb})`)
    .join(' | ')}) === 0`
  return `
const ${F} = memory.data(36, 16), ${G} = memory.data(36, 16), ${D} = memory.data(36, 16), ${E} = memory.data(36, 16);
const INVERSE_MODULUS = memory.data<i32>([${limbs(p).join(', ')}]);
const MONTGOMERY_CUBED = memory.data<i32>([${limbs(MONTGOMERY ** 3n % p).join(', ')}]);
let matrixU: i64, matrixV: i64, matrixQ: i64, matrixR: i64;

/** ${STEPS} divsteps from −δ = eta on, by the low bits of f and g alone; returns the new −δ. */
function ${prefix}Divsteps(eta: i32): i32 {
  let f = <i64>load<i32>(${F}), g = <i64>load<i32>(${G});
  let u: i64 = 1, v: i64 = 0, q: i64 = 0, r: i64 = 1;
  let left: i32 = ${STEPS};
  while (true) {
    const zeros = <i32>ctz(g | (<i64>-1 << left));
    g >>= zeros; u <<= zeros; v <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left === 0) break;
    if (eta < 0) {
      eta = -eta;
      const x = f, y = u, z = v;
      f = g; g = -x; u = q; q = -y; v = r; r = -z;
    }
    // The lowest bits of g vanish by as much of f, but no more than six and no more than δ allows.
    const bits = min(min(eta + 1, left), 6);
    const multiple = (f * g * (f * f - 2)) & ((1 << bits) - 1);
    g += f * multiple; q += u * multiple; r += v * multiple;
  }
  matrixU = u; matrixV = v; matrixQ = q; matrixR = r;
  return eta;
}

function ${prefix}ApplyToRemainders(): void {
  const u = matrixU, v = matrixV, q = matrixQ, r = matrixR;
${apply(F, G)}
}

function ${prefix}ApplyToFactors(): void {
  const u = matrixU, v = matrixV, q = matrixQ, r = matrixR;
${apply(D, E, { limbs: limbs(p), inverse: power(p, (MASK + 1n) / 2n - 1n, MASK + 1n) })}
}

/** r = 1/a, 0 for 0. How long it takes tells of a. */
function ${prefix}Inverse(r: usize, a: usize): void {
  memory.copy(${F}, INVERSE_MODULUS, 36);
  ${prefix}Reduce(${G}, a);
  memory.fill(${D}, 0, 36);
  memory.fill(${E}, 0, 36);
  store<i32>(${E}, 1);
  let eta = -1;
  while (!(${zero})) {
    eta = ${prefix}Divsteps(eta);
    ${prefix}ApplyToRemainders();
    ${prefix}ApplyToFactors();
  }
  // f = ±1, and d·a = f: d has lost two of Montgomery's factors.
  if (load<i32>(${F}, ${4 * TOP}) < 0) {
    for (let limb: usize = 0; limb < 36; limb += 4) store<i32>(${D} + limb, -load<i32>(${D} + limb));
  }
  ${prefix}Mul(r, ${D}, MONTGOMERY_CUBED);
}
`
}
