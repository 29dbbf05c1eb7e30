import { curves } from 'snarkjs'
import { G1_BYTES, G2_BYTES, type SetupArithmetic } from './arithmetic.ts'

/**
 * {@link SetupArithmetic} on the BN254 WebAssembly module that snarkjs carries, in an instance and a memory of our own.
 *
 * Every point of a proving key is a multiple of one of two fixed generators. So for each generator a table holds
 * d·2^(wi)·G for every window i and digit d, and a multiplication is one mixed addition a window.
 */
export async function createWasmArithmetic(): Promise<SetupArithmetic> {
  const curve = await curves.getCurveFromName('bn128', { singleThread: true })
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES })
  const { instance } = await WebAssembly.instantiate(curve.tm.code, { env: { memory } })
  const arena = new Arena(memory)
  const g1 = new FixedBase(instance, arena, { prefix: 'g1m', generator: curve.tm.pG1gen, affine: G1_BYTES, window: 10 })
  const g2 = new FixedBase(instance, arena, { prefix: 'g2m', generator: curve.tm.pG2gen, affine: G2_BYTES, window: 9 })
  return {
    multiplyG1: (scalars) => g1.multiply(scalars),
    multiplyG2: (scalars) => g2.multiply(scalars),
  }
}

/** The module's own data and stack space ask for 25 pages of 64 KiB. */
const INITIAL_PAGES = 25
const PAGE = 0x10000
const SCALAR_BITS = 254

type WasmFunction = (...pointers: number[]) => number

/** Hands out the module's memory upwards from where its own data ends; the module keeps that mark in its first word. */
class Arena {
  readonly #memory: WebAssembly.Memory

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
  }

  bytes(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer(), pointer, length)
  }

  /** Runs `body` with `length` bytes that are free again when it returns. */
  borrow<Result>(length: number, body: (pointer: number) => Result): Result {
    const pointer = this.reserve(length)
    try {
      return body(pointer)
    } finally {
      this.#mark(pointer)
    }
  }

  reserve(length: number): number {
    const pointer = (new DataView(this.#buffer()).getUint32(0, true) + 7) & ~7
    const end = pointer + length
    // As much again stays mapped above: the module takes its scratch space there and does not grow its memory.
    const missing = end + length + PAGE - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
    this.#mark(end)
    return pointer
  }

  #mark(end: number): void {
    new DataView(this.#buffer()).setUint32(0, end, true)
  }

  #buffer(): ArrayBuffer {
    const { buffer } = this.#memory
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError('the arithmetic module needs memory of its own')
    return buffer
  }
}

type Group = { prefix: 'g1m' | 'g2m'; generator: number; affine: number; window: number }

class FixedBase {
  readonly #arena: Arena
  readonly #group: Group
  readonly #windows: number
  readonly #table: number
  readonly #addMixed: WasmFunction
  readonly #batchToAffine: WasmFunction
  readonly #zero: WasmFunction
  readonly #jacobian: number

  constructor(instance: WebAssembly.Instance, arena: Arena, group: Group) {
    const call = (name: string): WasmFunction => exported(instance, `${group.prefix}_${name}`)
    this.#arena = arena
    this.#group = group
    this.#jacobian = (group.affine / 2) * 3
    this.#windows = Math.ceil(SCALAR_BITS / group.window)
    this.#addMixed = call('addMixed')
    this.#batchToAffine = call('batchToAffine')
    this.#zero = call('zero')
    this.#table = this.#buildTable(call('toAffine'), call('double'))
  }

  multiply(scalars: readonly bigint[]): Uint8Array<ArrayBuffer> {
    const { affine } = this.#group
    const jacobian = this.#jacobian
    return this.#arena.borrow(scalars.length * (jacobian + affine), (sums) => {
      const points = sums + scalars.length * jacobian
      let sum = sums
      for (const scalar of scalars) {
        this.#multiplyInto(scalar, sum)
        sum += jacobian
      }
      this.#batchToAffine(sums, scalars.length, points)
      return this.#arena.bytes(points, scalars.length * affine).slice()
    })
  }

  #multiplyInto(scalar: bigint, sum: number): void {
    const { window, affine } = this.#group
    const digits = 2 ** window - 1
    this.#zero(sum)
    let position = 0
    let rest = scalar
    let table = this.#table
    let word = 0
    let bits = 0
    // 32 bits at a time: a bigint shift for every window would cost more than the curve addition it feeds.
    while (position < this.#windows) {
      if (bits < window) {
        const low = Number(rest & 0xffffffffn)
        rest >>= 32n
        word += low * 2 ** bits
        bits += 32
      }
      const digit = word % (digits + 1)
      word = Math.floor(word / (digits + 1))
      bits -= window
      if (digit !== 0) this.#addMixed(sum, table + (digit - 1) * affine, sum)
      table += digits * affine
      position++
    }
  }

  /** For window i and digit d from 1: d·2^(wi)·G, affine, in one run of memory. */
  #buildTable(toAffine: WasmFunction, double: WasmFunction): number {
    const { window, affine, generator } = this.#group
    const digits = 2 ** window - 1
    const count = this.#windows * digits
    const table = this.#arena.reserve(count * affine)
    this.#arena.borrow(count * this.#jacobian + this.#jacobian + affine, (multiples) => {
      const base = multiples + count * this.#jacobian
      const affineBase = base + this.#jacobian
      this.#arena.bytes(base, this.#jacobian).set(this.#arena.bytes(generator, this.#jacobian))
      let next = multiples
      for (let index = 0; index < this.#windows; index++) {
        toAffine(base, affineBase)
        this.#zero(next)
        this.#addMixed(next, affineBase, next)
        for (let digit = 2; digit <= digits; digit++) {
          this.#addMixed(next, affineBase, next + this.#jacobian)
          next += this.#jacobian
        }
        next += this.#jacobian
        for (let bit = 0; bit < window; bit++) double(base, base)
      }
      this.#batchToAffine(multiples, count, table)
    })
    return table
  }
}

function exported(instance: WebAssembly.Instance, name: string): WasmFunction {
  const found = instance.exports[name]
  if (typeof found !== 'function') throw new TypeError(`the arithmetic module has no ${name}`)
  return found as WasmFunction
}
