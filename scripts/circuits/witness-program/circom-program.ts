import {
  joinBytes,
  SECTION,
  type Section,
  sectionReader,
  signed,
  sized,
  unsigned,
  WasmFormatError,
  type WasmModule,
  WasmReader,
} from './wasm-module.ts'

/** A field element in circom's memory: a short form, a word of flags, eight words. */
export const ELEMENT_BYTES = 40

/** What of a circom 2 witness program is rewritten, and what is needed to do it. */
export type CircomProgram = {
  module: WasmModule
  /** Imported functions, which stand before the module's own in the numbering of functions. */
  imported: number
  /** The module's own functions: locals, then code. */
  bodies: readonly Uint8Array[]
  /** A function's number by circom's name for it. */
  functions: ReadonlyMap<string, number>
  /** Functions that are called from outside or through the table. */
  roots: readonly number[]
  /** What its memory holds at the start. */
  segments: readonly DataSegment[]
}

export type DataSegment = { address: number; content: Uint8Array }

/** @throws WasmFormatError for what circom does not write */
export function readProgram(module: WasmModule): CircomProgram {
  const code = sectionReader(module, SECTION.code)
  return {
    module,
    imported: countImports(module),
    bodies: code.vector(() => code.sized()),
    functions: readFunctionNames(module),
    roots: [...readExports(module), ...readTable(module)],
    segments: readSegments(module),
  }
}

/** The number of the function that circom calls `name`. Throws {@link WasmFormatError} when there is none. */
export function functionNamed({ functions }: CircomProgram, name: string): number {
  const index = functions.get(name)
  if (index === undefined) throw new WasmFormatError(`the program has no function ${name}`)
  return index
}

/** The data segment that is not put into memory at the start. */
export const TABLE_SEGMENT = 0

/**
 * The module with other functions and other memory; `table` becomes the passive segment
 * {@link TABLE_SEGMENT}. Names are left out.
 */
export function writeProgram(
  module: WasmModule,
  { bodies, segments, table }: Pick<CircomProgram, 'bodies' | 'segments'> & { table: Uint8Array },
): WasmModule {
  const count = unsigned(segments.length + 1)
  const active = segments.flatMap(({ address, content }) => [
    Uint8Array.of(ACTIVE, I32_CONST),
    signed(address),
    Uint8Array.of(END),
    ...sized(content),
  ])
  const code = joinBytes([unsigned(bodies.length), ...bodies.flatMap(sized)])
  const data = joinBytes([count, Uint8Array.of(PASSIVE), ...sized(table), ...active])
  return module.flatMap((section): Section[] => {
    switch (section.id) {
      case SECTION.custom:
      case SECTION.dataCount:
        return []
      case SECTION.code:
        return [
          { id: SECTION.dataCount, content: count },
          { id: SECTION.code, content: code },
        ]
      case SECTION.data:
        return [{ id: SECTION.data, content: data }]
      default:
        return [section]
    }
  })
}

const ACTIVE = 0
const PASSIVE = 1
const I32_CONST = 0x41
const END = 0x0b
const FUNCTION = 0

function countImports(module: WasmModule): number {
  const reader = sectionReader(module, SECTION.import)
  return reader.vector(() => {
    reader.sized()
    reader.sized()
    if (reader.byte() !== FUNCTION) throw new WasmFormatError('the program imports more than functions')
    reader.skipNumber()
  }).length
}

function readExports(module: WasmModule): number[] {
  const reader = sectionReader(module, SECTION.export)
  return reader
    .vector(() => {
      reader.sized()
      return { isFunction: reader.byte() === FUNCTION, index: reader.unsigned() }
    })
    .flatMap(({ isFunction, index }) => (isFunction ? [index] : []))
}

function readTable(module: WasmModule): number[] {
  const reader = sectionReader(module, SECTION.element)
  return reader
    .vector(() => {
      readConstantAddress(reader)
      return reader.vector(() => reader.unsigned())
    })
    .flat()
}

function readSegments(module: WasmModule): DataSegment[] {
  const reader = sectionReader(module, SECTION.data)
  return reader.vector(() => ({ address: readConstantAddress(reader), content: reader.sized() }))
}

/** Where an active segment is put: in memory or table 0, at a constant. */
function readConstantAddress(reader: WasmReader): number {
  if (reader.byte() !== ACTIVE || reader.byte() !== I32_CONST) throw new WasmFormatError('a segment is not active')
  const address = reader.signed()
  if (reader.byte() !== END) throw new WasmFormatError("a segment's place is not a constant")
  return address
}

/** Of the custom section `name`, subsection 1. */
function readFunctionNames(module: WasmModule): Map<string, number> {
  const FUNCTION_NAMES = 1
  const names = new Map<string, number>()
  for (const { id, content } of module) {
    const reader = new WasmReader(content)
    if (id !== SECTION.custom || reader.text() !== 'name') continue
    while (!reader.done) {
      const subsection = reader.byte()
      const inner = new WasmReader(reader.sized())
      if (subsection !== FUNCTION_NAMES) continue
      inner.vector(() => {
        const index = inner.unsigned()
        names.set(inner.text(), index)
      })
    }
  }
  return names
}
