import { type CircomProgram, type DataSegment, ELEMENT_BYTES, functionNamed, TABLE_SEGMENT } from './circom-program.ts'
import { ConstantTable, SHORTEST_PIECE } from './constant-table.ts'
import { type Instruction, MEMORY_INIT, OPCODE, readInstructions } from './instructions.ts'
import { joinBytes, signed, unsigned } from './wasm-module.ts'

/**
 * The bodies with every run of copies from constants into neighbouring places replaced by one copy out of a table.
 *
 * A template that takes an array of constants, as each round of circomlib's Poseidon does, is compiled into one call of
 * `Fr_copy` an element: 88 % of the largest circuit's program is such calls. The constants' flags may change while
 * the program runs (a short form gets its long one beside it), their values do not, so a copy of what the memory holds
 * at the start means the same.
 */
export function foldConstantRuns(
  program: CircomProgram,
  bodies: readonly Uint8Array[],
): { bodies: Uint8Array[]; table: Uint8Array } {
  const source = { copy: functionNamed(program, 'Fr_copy'), elementAt: elementFinder(program.segments) }
  const table = new ConstantTable()
  const fold = (body: Uint8Array): Uint8Array => {
    const parts: Uint8Array[] = []
    let written = 0
    for (const run of findRuns(readInstructions(body), source)) {
      for (const { from, count, offset } of table.pieces(run.map(({ element }) => element))) {
        const copies = run.slice(from, from + count)
        const [first] = copies
        if (!first) continue
        parts.push(body.subarray(written, first.start), copyOut(first, { offset, count }))
        written = copies.at(-1)?.end ?? first.end
      }
    }
    return joinBytes([...parts, body.subarray(written)])
  }
  return { bodies: bodies.map(fold), table: table.bytes() }
}

/** `Fr_copy(place · 40 + local, constant)`, with what stands there and the call's place in the body. */
type ConstantCopy = { place: number; local: number; element: Uint8Array; start: number; end: number }

/** `Fr_copy`'s number, and the element that stands at an address at the start. */
type CopySource = { copy: number; elementAt: (address: number) => Uint8Array | undefined }

function findRuns(instructions: readonly Instruction[], source: CopySource): ConstantCopy[][] {
  const runs: ConstantCopy[][] = []
  let run: ConstantCopy[] = []
  for (let at = 0; at < instructions.length; ) {
    const next = matchCopy(instructions, at, source)
    const last = run.at(-1)
    if (!next || !last || next.place !== last.place + 1 || next.local !== last.local) {
      if (run.length >= SHORTEST_PIECE) runs.push(run)
      run = []
    }
    if (next) run.push(next)
    at += next ? COPY_LENGTH : 1
  }
  // A body ends in `end`, so the last run has been closed.
  return runs
}

/** Instructions of the call as circom writes it. */
const COPY_LENGTH = 7

function matchCopy(
  instructions: readonly Instruction[],
  at: number,
  { copy, elementAt }: CopySource,
): ConstantCopy | undefined {
  const call = instructions[at + COPY_LENGTH - 1]
  if (call?.opcode !== OPCODE.call || call.operand !== copy) return undefined
  const [place, size, product, local, sum, source] = instructions.slice(at, at + COPY_LENGTH)
  const matches =
    place?.opcode === OPCODE.i32Const &&
    size?.opcode === OPCODE.i32Const &&
    size.operand === ELEMENT_BYTES &&
    product?.opcode === OPCODE.i32Mul &&
    local?.opcode === OPCODE.localGet &&
    sum?.opcode === OPCODE.i32Add &&
    source?.opcode === OPCODE.i32Const
  const element = matches ? elementAt(source.operand) : undefined
  if (!matches || !element) return undefined
  return { place: place.operand, local: local.operand, element, start: place.start, end: call.end }
}

/** Looks among the segments once for each address. */
function elementFinder(segments: readonly DataSegment[]): CopySource['elementAt'] {
  const known = new Map<number, Uint8Array | undefined>()
  const find = (start: number): Uint8Array | undefined => {
    const segment = segments.find(
      ({ address, content }) => start >= address && start + ELEMENT_BYTES <= address + content.length,
    )
    return segment?.content.subarray(start - segment.address, start - segment.address + ELEMENT_BYTES)
  }
  return (address) => {
    if (!known.has(address)) known.set(address, find(address))
    return known.get(address)
  }
}

function copyOut({ place, local }: ConstantCopy, { offset, count }: { offset: number; count: number }): Uint8Array {
  return joinBytes([
    Uint8Array.of(OPCODE.i32Const),
    signed(place * ELEMENT_BYTES),
    Uint8Array.of(OPCODE.localGet),
    unsigned(local),
    Uint8Array.of(OPCODE.i32Add, OPCODE.i32Const),
    signed(offset * ELEMENT_BYTES),
    Uint8Array.of(OPCODE.i32Const),
    signed(count * ELEMENT_BYTES),
    Uint8Array.of(OPCODE.bulk, MEMORY_INIT),
    unsigned(TABLE_SEGMENT),
    Uint8Array.of(0),
  ])
}
