import { LIMB_BITS, LIMBS, MONTGOMERY, power } from '../parameters.ts'
import { COLUMNS, declare, load, products, Reduction, squares, subtrahend } from './columns.ts'
import { inverseSource } from './inverse.ts'
import { limbs } from './limbs.ts'

const LIMB = 1n << BigInt(LIMB_BITS)
const MASK = LIMB - 1n
/** The widest window of the exponentiations below, in bits. */
const WINDOW = 4
const NO_POWER = 255

type Kind = { name: string; square: boolean; fused: boolean }

/** One straight-line product by columns (Comba), reduced as it goes. */
function product(p: bigint, { name, square, fused }: Kind): string {
  const reduction = new Reduction(p, 'm')
  const minus = fused ? subtrahend(p, 'e', 0, 'k') : undefined
  const operands = ['r: usize', 'a: usize', ...(square ? [] : ['b: usize']), ...(fused ? ['e: usize'] : [])]
  const lines = [`function ${name}(${operands.join(', ')}): void {`, load('a', 'a')]
  if (square)
    lines.push(
      `  const ${limbs(0n)
        .map((_, i) => `d${i} = a${i} << 1`)
        .join(', ')};`,
    )
  else lines.push(load('b', 'b'))
  if (minus) lines.push(minus.prepare)
  lines.push('  let c: i64 = 0;', declare('m'))
  for (let column = 0; column < COLUMNS; column++) {
    const terms = [...(square ? squares('a', 'd', column) : products('a', 'b', column)), ...reduction.terms(column)]
    const limb = column - LIMBS
    lines.push(`  c += ${terms.join(' + ')}${limb >= 0 && minus ? minus.terms(limb) : ''};`)
    if (limb < 0) lines.push(`  ${reduction.step(column, 'c')}`)
    else lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * limb}); c >>= ${LIMB_BITS};`)
  }
  lines.push(`  store<i32>(r, <i32>(c${minus ? minus.terms(LIMBS - 1) : ''}), ${4 * (LIMBS - 1)});`, '}')
  return lines.join('\n')
}

/** this = value − k·p with k the nearest multiple by the top limb, limbs carried. */
function reduceBody(p: bigint): string {
  const pLimbs = limbs(p)
  const minus = subtrahend(p, 'a', 0, 'k')
  const lines = [minus.prepare, '  let c: i64 = 0;']
  for (let limb = 0; limb < LIMBS; limb++) {
    lines.push(`  c += <i64>load<i32>(a, ${4 * limb}) - k * ${pLimbs[limb]};`)
    if (limb < LIMBS - 1) lines.push(`  store<i32>(r, <i32>c & ${MASK}, ${4 * limb}); c >>= ${LIMB_BITS};`)
    else lines.push(`  store<i32>(r, <i32>c, ${4 * limb});`)
  }
  return lines.join('\n')
}

/** Adds a multiple of p, limb by limb, into the carry chain `c`. */
function addBody(p: bigint, multiple: string): string {
  return limbs(p)
    .map((limb, index) => {
      const carry = `c += load<i32>(r, ${4 * index}) + ${multiple} * ${limb};`
      if (index === LIMBS - 1) return `  ${carry} store<i32>(r, c, ${4 * index});`
      return `  ${carry} store<i32>(r, c & ${MASK}, ${4 * index}); c >>= ${LIMB_BITS};`
    })
    .join('\n')
}

function bytesOf(words: readonly bigint[]): string {
  return `memory.data<i32>([${words.join(', ')}])`
}

type Chain = { first: number; steps: number[] }

/**
 * How to raise to an exponent with the odd powers below 2^WINDOW at hand: the first power's index, then pairs of how
 * often to square and which odd power to multiply by, {@link NO_POWER} for none (sliding windows; Menezes, van Oorschot
 * and Vanstone, Handbook of Applied Cryptography, algorithm 14.85).
 */
function chain(exponent: bigint): Chain {
  const bits = exponent.toString(2)
  const indices: number[] = []
  const steps: number[] = []
  let squarings = 0
  for (let at = 0; at < bits.length; ) {
    const length = bits[at] === '0' ? 0 : bits.slice(at, at + WINDOW).lastIndexOf('1') + 1
    squarings += Math.max(length, 1)
    if (length > 0) {
      const index = Number.parseInt(bits.slice(at, at + length), 2) >> 1
      if (indices.length > 0) steps.push(squarings, index)
      indices.push(index)
      squarings = 0
    }
    at += Math.max(length, 1)
  }
  if (squarings > 0) steps.push(squarings, NO_POWER)
  return { first: indices[0] ?? 0, steps }
}

function bytes(values: readonly number[]): string {
  return `memory.data<u8>([${values.join(', ')}])`
}

/** The call that raises `a` to a chain's exponent. */
function raise(prefix: string, name: string, { first, steps }: Chain): string {
  return `${prefix}Power(changetype<usize>(this), changetype<usize>(a), ${name}, ${first}, ${steps.length})`
}

/** 8 words of 32 bits → 9 limbs of 29. */
function unpack(): string {
  return limbs(0n)
    .map((_, limb) => {
      const bit = LIMB_BITS * limb
      const word = bit >> 5
      const shift = bit & 31
      const low = `(load<u32>(words, ${4 * word}) >>> ${shift})`
      const high = shift + LIMB_BITS > 32 && word < 7 ? ` | (load<u32>(words, ${4 * word + 4}) << ${32 - shift})` : ''
      return `    store<u32>(r, (${low}${high}) & ${MASK}, ${4 * limb});`
    })
    .join('\n')
}

/** 9 limbs → 8 words. */
function pack(): string {
  return Array.from({ length: 8 }, (_, word) => {
    const bit = 32 * word
    const limb = Math.floor(bit / LIMB_BITS)
    const shift = bit % LIMB_BITS
    const parts = [`(load<u32>(r, ${4 * limb}) >>> ${shift})`]
    for (let next = limb + 1; next < LIMBS && next * LIMB_BITS < bit + 32; next++) {
      parts.push(`(load<u32>(r, ${4 * next}) << ${next * LIMB_BITS - bit})`)
    }
    return `    store<u32>(words, ${parts.join(' | ')}, ${4 * word});`
  }).join('\n')
}

/** The AssemblyScript source of the field of `p` as the class `name`; src/engine/README.md explains the form. */
export function primeFieldSource(name: string, p: bigint): string {
  const prefix = name.toLowerCase()
  const kinds: Kind[] = [
    { name: `${prefix}Mul`, square: false, fused: false },
    { name: `${prefix}Sqr`, square: true, fused: false },
    { name: `${prefix}MulSub`, square: false, fused: true },
    { name: `${prefix}SqrSub`, square: true, fused: true },
  ]
  const rootChain = p % 4n === 3n ? chain((p - 3n) / 4n) : undefined
  return `// Written by the engine's build from the parameters of the curve. Not to be edited.

${kinds.map((kind) => product(p, kind)).join('\n\n')}

const MODULUS = ${bytesOf(limbs(p))};
const ONE = ${bytesOf(limbs(MONTGOMERY % p))};
const MONTGOMERY_SQUARED = ${bytesOf(limbs(MONTGOMERY ** 2n % p))};
const FROM_256 = ${bytesOf(limbs((MONTGOMERY * MONTGOMERY * power(2n, p - 1n - 256n, p)) % p))};
const TO_256 = ${bytesOf(limbs((1n << 256n) % p))};
const UNIT = ${bytesOf(limbs(1n))};
${rootChain === undefined ? '' : `const ROOT_CHAIN = ${bytes(rootChain.steps)};`}
const SCRATCH = memory.data(36, 16);

/** An element of the field of order ${p}. */
@unmanaged
export class ${name} {
  l0: i32; l1: i32; l2: i32; l3: i32; l4: i32; l5: i32; l6: i32; l7: i32; l8: i32;

  @inline mul(a: ${name}, b: ${name}): void {
    ${prefix}Mul(changetype<usize>(this), changetype<usize>(a), changetype<usize>(b));
  }
  @inline sqr(a: ${name}): void { ${prefix}Sqr(changetype<usize>(this), changetype<usize>(a)); }
  /** this = a·b − e, in the range of a product whatever e's. */
  @inline mulSub(a: ${name}, b: ${name}, e: ${name}): void {
    ${prefix}MulSub(changetype<usize>(this), changetype<usize>(a), changetype<usize>(b), changetype<usize>(e));
  }
  /** this = a² − e. */
  @inline sqrSub(a: ${name}, e: ${name}): void {
    ${prefix}SqrSub(changetype<usize>(this), changetype<usize>(a), changetype<usize>(e));
  }

  /** Limb by limb, nothing carried. */
  @inline add(a: ${name}, b: ${name}): void {
    const r = changetype<usize>(this), x = changetype<usize>(a), y = changetype<usize>(b);
    const low = i32x4.add(v128.load(x), v128.load(y));
    const high = i32x4.add(v128.load(x, 16), v128.load(y, 16));
    const top = load<i32>(x, 32) + load<i32>(y, 32);
    v128.store(r, low); v128.store(r, high, 16); store<i32>(r, top, 32);
  }
  /** Limb by limb, nothing carried. */
  @inline sub(a: ${name}, b: ${name}): void {
    const r = changetype<usize>(this), x = changetype<usize>(a), y = changetype<usize>(b);
    const low = i32x4.sub(v128.load(x), v128.load(y));
    const high = i32x4.sub(v128.load(x, 16), v128.load(y, 16));
    const top = load<i32>(x, 32) - load<i32>(y, 32);
    v128.store(r, low); v128.store(r, high, 16); store<i32>(r, top, 32);
  }
  /** Limb by limb, nothing carried. */
  @inline neg(a: ${name}): void {
    const r = changetype<usize>(this), x = changetype<usize>(a);
    const low = i32x4.neg(v128.load(x));
    const high = i32x4.neg(v128.load(x, 16));
    const top = -load<i32>(x, 32);
    v128.store(r, low); v128.store(r, high, 16); store<i32>(r, top, 32);
  }
  @inline dbl(a: ${name}): void { this.add(a, a); }
  @inline copy(a: ${name}): void {
    const r = changetype<usize>(this), x = changetype<usize>(a);
    const low = v128.load(x), high = v128.load(x, 16), top = load<i32>(x, 32);
    v128.store(r, low); v128.store(r, high, 16); store<i32>(r, top, 32);
  }
  @inline setZero(): void {
    const r = changetype<usize>(this);
    v128.store(r, i32x4.splat(0)); v128.store(r, i32x4.splat(0), 16); store<i32>(r, 0, 32);
  }
  @inline setOne(): void { this.copy(changetype<${name}>(ONE)); }

  /** this ≡ a with limbs carried and |this| < 0.51·p. */
  reduce(a: ${name}): void { ${prefix}Reduce(changetype<usize>(this), changetype<usize>(a)); }
  /** this ≡ a, the one representative in [0, p). */
  canonical(a: ${name}): void {
    const r = changetype<usize>(this);
    ${prefix}Reduce(r, changetype<usize>(a));
    if (load<i32>(r, 32) < 0) ${prefix}AddModulus(r);
  }
  /** Whether this ≡ 0 mod p, for |this| ≤ 13p. */
  @inline isZero(): bool {
    // A multiple k·p has the low limb k·p₀: most other values are told apart by it alone.
    const k = (load<i32>(changetype<usize>(this)) * ${power(p, LIMB / 2n - 1n, LIMB)} + 16) & ${MASK};
    return k <= 32 && ${prefix}IsZero(changetype<usize>(this));
  }
  equals(a: ${name}): bool {
    const t = changetype<${name}>(SCRATCH);
    t.sub(this, a);
    return t.isZero();
  }

  /** 32 bytes little-endian, any value below 2^256, → Montgomery form. */
  fromBytes(words: usize): void {
    const r = changetype<usize>(this);
    ${prefix}Unpack(r, words);
    ${prefix}Mul(r, r, MONTGOMERY_SQUARED);
  }
  /** 32 bytes little-endian of x·2^256 mod p, as a \`.zkey\` holds it, → Montgomery form. */
  fromMontgomery256(words: usize): void {
    const r = changetype<usize>(this);
    ${prefix}Unpack(r, words);
    ${prefix}Mul(r, r, FROM_256);
    this.canonical(this);
  }
  /** Montgomery form → 32 bytes little-endian, canonical. */
  toBytes(words: usize): void {
    ${prefix}Mul(SCRATCH, changetype<usize>(this), UNIT);
    ${prefix}Pack(words, SCRATCH);
  }
  /** Montgomery form → 32 bytes little-endian of x·2^256 mod p, canonical. */
  toMontgomery256(words: usize): void {
    ${prefix}Mul(SCRATCH, changetype<usize>(this), TO_256);
    ${prefix}Pack(words, SCRATCH);
  }
  /** Nine limbs as they are, no Montgomery form: for exponents. */
  unpack(words: usize): void { ${prefix}Unpack(changetype<usize>(this), words); }
  /** The element as it stands, no Montgomery form, → 32 bytes little-endian, canonical. */
  pack(words: usize): void { ${prefix}Pack(words, changetype<usize>(this)); }

  /** this = 1/a, 0 for 0, in a time that tells of a. */
  inverse(a: ${name}): void { ${prefix}Inverse(changetype<usize>(this), changetype<usize>(a)); }
${
  rootChain === undefined
    ? ''
    : `  /** this = a^((p − 3)/4), for a ≠ 0: ±1/√a where a is a square, else ±1/√−a (p ≡ 3 mod 4). */
  inverseRoot(a: ${name}): void { ${raise(prefix, 'ROOT_CHAIN', rootChain)}; }
`
}}

function ${prefix}Reduce(r: usize, a: usize): void {
${reduceBody(p)}
}

function ${prefix}AddModulus(r: usize): void {
  let c = 0;
${addBody(p, '1')}
}

function ${prefix}IsZero(a: usize): bool {
  ${prefix}Reduce(SCRATCH, a);
  let bits = load<i32>(SCRATCH, 32);
  for (let limb: usize = 0; limb < 32; limb += 4) bits |= load<i32>(SCRATCH + limb);
  return bits === 0;
}

function ${prefix}Unpack(r: usize, words: usize): void {
${unpack()}
}

/** The limbs of a, canonical, as 8 words. */
function ${prefix}Pack(words: usize, a: usize): void {
  const r = SCRATCH;
  changetype<${name}>(r).canonical(changetype<${name}>(a));
${pack()}
}

${rootChain ? powerSource(name, prefix) : ''}${inverseSource(prefix, p)}`
}

/** The power that a chain makes. */
function powerSource(name: string, prefix: string): string {
  return `const POWERS = memory.data(${36 * 2 ** (WINDOW - 1)}, 16);
const BASE = memory.data(36, 16);

/** r = a^e by the chain of e: pairs of squarings and an odd power's index, behind the first odd power. */
function ${prefix}Power(r: usize, a: usize, steps: usize, first: usize, count: usize): void {
  changetype<${name}>(POWERS).reduce(changetype<${name}>(a));
  ${prefix}Sqr(BASE, POWERS);
  for (let index: usize = 1; index < ${2 ** (WINDOW - 1)}; index++) {
    ${prefix}Mul(POWERS + 36 * index, POWERS + 36 * (index - 1), BASE);
  }
  changetype<${name}>(r).copy(changetype<${name}>(POWERS + 36 * first));
  for (let at: usize = 0; at < count; at += 2) {
    for (let squarings = load<u8>(steps + at); squarings; squarings--) ${prefix}Sqr(r, r);
    const index = <usize>load<u8>(steps + at, 1);
    if (index !== ${NO_POWER}) ${prefix}Mul(r, r, POWERS + 36 * index);
  }
}
`
}
