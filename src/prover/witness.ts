import { FIELD_ORDER } from '../protocol/field.ts'
import { ProverError } from './prover-error.ts'
import { hasGlobals } from './wasm-globals.ts'

/** Values of a circuit's inputs by signal name; arrays flattened in the circuit's order. Each `0 ≤ x < r`. */
export type WitnessInputs = Readonly<Record<string, bigint | readonly bigint[]>>

/** A circom witness program, ready to run. */
export type WitnessProgram = {
  /** Wires, the constant among them. */
  readonly wires: number
  /**
   * Every wire's value for these inputs: 32 bytes little-endian each, wire 0 first. They are as secret as the inputs;
   * the caller overwrites them after use.
   *
   * Throws {@link ProverError} `witness_input_missing`, `witness_input_unknown`, `witness_input_size`,
   * `witness_input_range` or, when the inputs do not satisfy the statement, `witness_unsatisfied`. No message holds a
   * value.
   */
  calculate(inputs: WitnessInputs): Promise<Uint8Array<ArrayBuffer>>
}

/** Compiles a circom 2 `.wasm`. Throws `witness_program_invalid` for anything else, another field among them. */
export async function loadWitnessProgram(wasm: Uint8Array<ArrayBuffer>): Promise<WitnessProgram> {
  let module: WebAssembly.Module
  try {
    module = await WebAssembly.compile(wasm)
  } catch (cause) {
    throw new ProverError('witness_program_invalid', 'the witness program is not WebAssembly', { cause })
  }
  const { circom, wires } = await start(module)
  const image = hasGlobals(wasm) ? undefined : memoryImage(circom)
  return {
    wires,
    // As new each time: an earlier person's values never meet a later run, and a failed run leaves nothing.
    calculate: async (inputs) => (image ? run({ circom, wires, image }, inputs) : run(await start(module), inputs)),
  }
}

/** The pieces of a memory that are not all zero. */
type MemoryImage = readonly { at: number; bytes: Uint8Array }[]

const PIECE_WORDS = 1024

/**
 * A new instance's memory; undefined where the program keeps it to itself. With no global either, memory is all the
 * state that a program of circom has: overwritten by this, its instance is as new, and no memory of a run is left to
 * be collected.
 */
function memoryImage({ memory }: CircomExports): MemoryImage | undefined {
  if (!(memory instanceof WebAssembly.Memory)) return undefined
  const words = new Uint32Array(memory.buffer)
  const image: { at: number; bytes: Uint8Array }[] = []
  for (let at = 0; at < words.length; at += PIECE_WORDS) {
    const piece = words.subarray(at, at + PIECE_WORDS)
    if (piece.some((word) => word !== 0)) image.push({ at: 4 * at, bytes: new Uint8Array(piece.slice().buffer) })
  }
  return image
}

/**
 * What circom 2 exports. A field element passes through a window of eight 32-bit words, low word first; newer programs
 * export the memory that it lies in, so that it need not be read word by word.
 */
type CircomExports = {
  memory?: WebAssembly.Memory
  getSharedRWMemoryStart?(): number
  init(sanityCheck: number): void
  getFieldNumLen32(): number
  getRawPrime(): void
  readSharedRWMemory(word: number): number
  writeSharedRWMemory(word: number, value: number): void
  getInputSize(): number
  getInputSignalSize(high: number, low: number): number
  setInputSignal(high: number, low: number, index: number): void
  getWitnessSize(): number
  getWitness(wire: number): void
}

/** `image`: to be used again, once its memory is that. */
type Running = { circom: CircomExports; wires: number; image?: MemoryImage }

const WORDS = 8
const ELEMENT_BYTES = 4 * WORDS

async function start(module: WebAssembly.Module): Promise<Running> {
  const nothing = (): void => {}
  let instance: WebAssembly.Instance
  try {
    instance = await WebAssembly.instantiate(module, {
      runtime: {
        // Its messages may quote signal values, so they are dropped; the code alone is kept.
        exceptionHandler: (code: number) => {
          throw new CircomException(code)
        },
        printErrorMessage: nothing,
        writeBufferMessage: nothing,
        showSharedRWMemory: nothing,
      },
    })
  } catch (cause) {
    throw new ProverError('witness_program_invalid', 'the witness program does not start', { cause })
  }
  // Checked by name below, by arity by the engine: circom's output format is the contract.
  const circom = instance.exports as unknown as CircomExports
  for (const name of REQUIRED) {
    if (typeof circom[name] !== 'function') {
      throw new ProverError('witness_program_invalid', `the witness program does not export ${name}`)
    }
  }
  if (circom.getFieldNumLen32() !== WORDS || readPrime(circom) !== FIELD_ORDER) {
    throw new ProverError('witness_program_invalid', 'the witness program works in another field than BN254')
  }
  return { circom, wires: circom.getWitnessSize() }
}

const REQUIRED = [
  'init',
  'getFieldNumLen32',
  'getRawPrime',
  'readSharedRWMemory',
  'writeSharedRWMemory',
  'getInputSize',
  'getInputSignalSize',
  'setInputSignal',
  'getWitnessSize',
  'getWitness',
] as const satisfies (keyof CircomExports)[]

class CircomException extends Error {
  readonly circomCode: number

  constructor(circomCode: number) {
    super(`circom exception ${circomCode}`)
    this.circomCode = circomCode
  }
}

function run({ circom, wires, image }: Running, inputs: WitnessInputs): Uint8Array<ArrayBuffer> {
  const signals = Object.entries(inputs).map(([name, value]) => sizedSignal(circom, name, value))
  const given = signals.reduce((sum, { values }) => sum + values.length, 0)
  if (given < circom.getInputSize()) {
    throw new ProverError(
      'witness_input_missing',
      `the circuit has ${circom.getInputSize()} inputs, ${given} were given`,
    )
  }
  try {
    // 1 keeps circom's assertions on: without them a false statement would cost a whole proof before it failed.
    circom.init(1)
    for (const { hash, values } of signals) {
      for (const [index, value] of values.entries()) {
        writeElement(circom, value)
        circom.setInputSignal(hash.high, hash.low, index)
      }
    }
    return readWitness(circom, wires)
  } catch (error) {
    throw failure(error)
  } finally {
    // Every signal's value stands in this memory.
    if (circom.memory instanceof WebAssembly.Memory) {
      const memory = new Uint8Array(circom.memory.buffer).fill(0)
      for (const { at, bytes } of image ?? []) memory.set(bytes, at)
    }
  }
}

type SizedSignal = { hash: SignalHash; values: readonly bigint[] }

function sizedSignal(circom: CircomExports, name: string, value: bigint | readonly bigint[]): SizedSignal {
  const hash = signalHash(name)
  const values = typeof value === 'bigint' ? [value] : value
  const size = circom.getInputSignalSize(hash.high, hash.low)
  // circom answers 0 or −1 for a name that it does not know.
  if (size <= 0) throw new ProverError('witness_input_unknown', `the circuit has no input ${name}`)
  if (size !== values.length) {
    throw new ProverError('witness_input_size', `input ${name} has ${size} values, ${values.length} were given`)
  }
  if (values.some((element) => element < 0n || element >= FIELD_ORDER)) {
    throw new ProverError('witness_input_range', `input ${name} holds a value outside the field`)
  }
  return { hash, values }
}

function failure(error: unknown): ProverError {
  if (error instanceof CircomException) {
    // 4 is a failed assertion. The exception is not kept as cause: nothing of the run may travel further.
    if (error.circomCode === 4) {
      return new ProverError('witness_unsatisfied', 'the inputs do not satisfy the statement')
    }
    return new ProverError('witness_program_invalid', `the witness program failed with code ${error.circomCode}`)
  }
  return new ProverError('witness_program_invalid', 'the witness program failed')
}

function readWitness(circom: CircomExports, wires: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(wires * ELEMENT_BYTES)
  const shared = sharedWindow(circom)
  if (!shared) return readWordByWord(circom, bytes)
  for (let wire = 0; wire < wires; wire++) {
    circom.getWitness(wire)
    bytes.set(shared, wire * ELEMENT_BYTES)
  }
  return bytes
}

function readWordByWord(circom: CircomExports, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer)
  for (let wire = 0; wire * ELEMENT_BYTES < bytes.length; wire++) {
    circom.getWitness(wire)
    for (let word = 0; word < WORDS; word++) {
      view.setUint32(wire * ELEMENT_BYTES + word * 4, circom.readSharedRWMemory(word), true)
    }
  }
  return bytes
}

/** The window itself, valid until the memory grows, which it does only while the last input is set. */
function sharedWindow({ memory, getSharedRWMemoryStart }: CircomExports): Uint8Array | undefined {
  if (!(memory instanceof WebAssembly.Memory) || typeof getSharedRWMemoryStart !== 'function') return undefined
  return new Uint8Array(memory.buffer, getSharedRWMemoryStart(), ELEMENT_BYTES)
}

function writeElement(circom: CircomExports, element: bigint): void {
  for (let word = 0; word < WORDS; word++) {
    circom.writeSharedRWMemory(word, Number((element >> BigInt(32 * word)) & 0xffffffffn))
  }
}

function readPrime(circom: CircomExports): bigint {
  circom.getRawPrime()
  let prime = 0n
  for (let word = WORDS - 1; word >= 0; word--) prime = (prime << 32n) | BigInt(circom.readSharedRWMemory(word) >>> 0)
  return prime
}

type SignalHash = { high: number; low: number }

/** circom finds an input by the 64-bit FNV-1a hash of its name. */
function signalHash(name: string): SignalHash {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & (2n ** 64n - 1n)
  return { high: Number(hash >> 32n), low: Number(hash & 0xffffffffn) }
}
