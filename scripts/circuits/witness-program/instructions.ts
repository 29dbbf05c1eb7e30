import { WasmFormatError, WasmReader } from './wasm-module.ts'

/** One instruction of a function body. */
export type Instruction = {
  opcode: number
  /** The value of `i32.const`, the index of `call`, `local.get` and their like; else 0. */
  operand: number
  /** Place in the body, and the place after it. */
  start: number
  end: number
}

/** Opcodes by the WebAssembly core specification, section 5.4. */
export const OPCODE = {
  unreachable: 0x00,
  end: 0x0b,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Const: 0x41,
  i32Add: 0x6a,
  i32Mul: 0x6c,
  bulk: 0xfc,
} as const

/** Behind {@link OPCODE.bulk}, by WebAssembly 2.0: copies out of a passive data segment. */
export const MEMORY_INIT = 8

/**
 * The instructions of a function body (locals, then code), in order.
 *
 * @throws WasmFormatError at an opcode beyond integer WebAssembly 1.0 and `memory.init`: what is not understood is not
 * rewritten
 */
export function readInstructions(body: Uint8Array): Instruction[] {
  const reader = new WasmReader(body)
  reader.vector(() => {
    reader.skipNumber()
    reader.skipNumber()
  })
  const instructions: Instruction[] = []
  while (!reader.done) {
    const start = reader.at
    const opcode = reader.byte()
    const operand = readOperand(reader, opcode)
    instructions.push({ opcode, operand, start, end: reader.at })
  }
  return instructions
}

/** How an instruction's operands are read, by opcode. */
const OPERANDS = operandTable()

function readOperand(reader: WasmReader, opcode: number): number {
  switch (OPERANDS[opcode]) {
    case 'none':
      return 0
    case 'index':
      return reader.unsigned()
    case 'constant':
      return reader.signed()
    case 'skipped':
      reader.skipNumber()
      return 0
    case 'two skipped':
      reader.skipNumber()
      reader.skipNumber()
      return 0
    case 'targets':
      reader.vector(() => reader.skipNumber())
      reader.skipNumber()
      return 0
    case 'bulk':
      if (reader.unsigned() !== MEMORY_INIT)
        throw new WasmFormatError('a bulk operation is not one that is written here')
      reader.skipNumber()
      reader.skipNumber()
      return 0
    default:
      throw new WasmFormatError(`opcode 0x${opcode.toString(16)} is not one that circom writes`)
  }
}

type Operands = 'none' | 'index' | 'constant' | 'skipped' | 'two skipped' | 'targets' | 'bulk'

function operandTable(): readonly (Operands | undefined)[] {
  const table: Operands[] = []
  const set = (operands: Operands, from: number, to = from): void => {
    for (let opcode = from; opcode <= to; opcode++) table[opcode] = operands
  }
  set('none', 0x00, 0x01) // unreachable, nop
  set('skipped', 0x02, 0x04) // block, loop, if: their type
  set('none', 0x05) // else
  set('none', 0x0b) // end
  set('index', 0x0c, 0x0d) // br, br_if
  set('targets', 0x0e) // br_table
  set('none', 0x0f) // return
  set('index', 0x10) // call
  set('two skipped', 0x11) // call_indirect: type and table
  set('none', 0x1a, 0x1b) // drop, select
  set('index', 0x20, 0x24) // locals and globals
  set('two skipped', 0x28, 0x29) // loads of integers: alignment and offset
  set('two skipped', 0x2c, 0x37) // narrow loads, stores of integers
  set('two skipped', 0x3a, 0x3e) // narrow stores
  set('index', 0x3f, 0x40) // memory.size, memory.grow
  set('constant', 0x41) // i32.const
  set('skipped', 0x42) // i64.const
  set('none', 0x45, 0x5a) // comparisons of integers
  set('none', 0x67, 0x8a) // arithmetic of integers
  set('none', 0xa7) // i32.wrap_i64
  set('none', 0xac, 0xad) // i64.extend_i32
  set('bulk', OPCODE.bulk)
  return table
}
