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
    this.#free = align(this.call('heapBase'))
    this.#bytes = new Uint8Array(memory.buffer as ArrayBuffer)
  }

  /** Calls an exported function; a name that the module does not have is a defect of the caller. */
  call(name: string, ...values: number[]): number {
    const found = this.#functions[name]
    if (!found) throw new TypeError(`the engine has no function ${name}`)
    return found(...values)
  }

  /** `length` bytes that stay the caller's for as long as the engine lives, or until {@link scoped} returns. */
  allocate(length: number): Pointer {
    const pointer = this.#free
    const end = align(pointer + length)
    const missing = end - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
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

  /** A view of `length` bytes at `pointer`; it is void once anything has been allocated. */
  view(pointer: Pointer, length: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.byteLength === 0 || this.#bytes.byteLength !== this.#memory.buffer.byteLength) {
      this.#bytes = new Uint8Array(this.#memory.buffer as ArrayBuffer)
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

function align(pointer: number): number {
  return (pointer + 15) & ~15
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
