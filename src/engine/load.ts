import { EngineError } from './engine-error.ts'
import { ENGINE_WASM } from './generated/wasm.ts'

/** An address in an engine's memory, in bytes. */
export type Pointer = number

/** The functions that `assembly/index.ts` exports: addresses and integers in, integers out. */
type Functions = Readonly<Record<string, (...values: number[]) => number>>

/**
 * One instance of the engine with a memory of its own, which grows and never shrinks. Its functions keep temporaries
 * at fixed addresses and run to their end, so one call at a time is what an instance can do.
 */
export class Engine {
  readonly #memory: WebAssembly.Memory
  readonly #functions: Functions
  #free: Pointer
  #bytes: Uint8Array<ArrayBuffer>

  constructor(instance: WebAssembly.Instance) {
    const { memory, ...functions } = instance.exports
    if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('the module is not the engine')
    this.#memory = memory
    // Exports of a module that this repository builds: every one of them but the memory is a function.
    this.#functions = functions as Functions
    this.#free = ALIGNMENT * Math.ceil(this.call('heapBase') / ALIGNMENT)
    this.#bytes = new Uint8Array(memory.buffer as ArrayBuffer)
  }

  /** Calls an exported function; a name that the module does not have is a defect of the caller. */
  call(name: string, ...values: number[]): number {
    const found = this.#functions[name]
    if (!found) throw new TypeError(`the engine has no function ${name}`)
    return found(...values)
  }

  /**
   * `length` bytes that stay the caller's for as long as the engine lives, or until {@link scoped} returns. Throws
   * {@link EngineError} `memory_exhausted`, and allocates nothing, where an instance would hold more than 2 GiB or the
   * platform gives no more. A negative length is a size beyond that, which the engine counts in 32 bits with a sign.
   */
  allocate(length: number): Pointer {
    const pointer = this.#free
    const end = ALIGNMENT * Math.ceil((pointer + length) / ALIGNMENT)
    if (!Number.isInteger(length) || length < 0 || end > MOST_BYTES) throw exhausted(length)
    const missing = end - this.#memory.buffer.byteLength
    try {
      if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
    } catch (cause) {
      throw exhausted(length, { cause })
    }
    this.#free = end
    return pointer
  }

  /** Runs `body` and takes back whatever it allocated. */
  scoped<Result>(body: () => Result): Result {
    const mark = this.#free
    try {
      return body()
    } finally {
      this.#free = mark
    }
  }

  /**
   * A view of `length` bytes at `pointer`; it is void once anything has been allocated. Throws a RangeError where the
   * memory does not have them.
   */
  view(pointer: Pointer, length: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.byteLength === 0 || this.#bytes.byteLength !== this.#memory.buffer.byteLength) {
      this.#bytes = new Uint8Array(this.#memory.buffer as ArrayBuffer)
    }
    if (!(pointer >= 0 && length >= 0 && pointer + length <= this.#bytes.byteLength)) {
      throw new RangeError(`${length} bytes at ${pointer} of a memory of ${this.#bytes.byteLength}`)
    }
    return this.#bytes.subarray(pointer, pointer + length)
  }

  /** Copies bytes in and returns where they are. */
  put(bytes: Uint8Array): Pointer {
    const pointer = this.allocate(bytes.length)
    this.view(pointer, bytes.length).set(bytes)
    return pointer
  }

  /** A copy of `length` bytes at `pointer`. */
  take(pointer: Pointer, length: number): Uint8Array<ArrayBuffer> {
    return this.view(pointer, length).slice()
  }

  /** Bytes of memory that the instance holds. */
  get size(): number {
    return this.#memory.buffer.byteLength
  }
}

let compiled: Promise<WebAssembly.Module> | undefined

/** A new instance; the module is compiled once a thread. Rejects where the platform has no WebAssembly with SIMD. */
export async function createEngine(): Promise<Engine> {
  compiled ??= WebAssembly.compile(decode(ENGINE_WASM))
  return new Engine(await WebAssembly.instantiate(await compiled, { env: { abort } }))
}

function abort(): never {
  throw new WebAssembly.RuntimeError('the engine stopped itself')
}

const PAGE = 0x10000
const ALIGNMENT = 16
/** Addresses are 32-bit integers with a sign. */
const MOST_BYTES = 2 ** 31

function exhausted(length: number, options?: ErrorOptions): EngineError {
  return new EngineError('memory_exhausted', `the engine's memory has no room for ${length} bytes more`, options)
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
