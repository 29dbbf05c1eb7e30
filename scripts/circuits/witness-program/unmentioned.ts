import { type CircomProgram, type DataSegment, ELEMENT_BYTES, functionNamed } from './circom-program.ts'
import { type Instruction, OPCODE, readInstructions } from './instructions.ts'
import { calledBy } from './reachable.ts'

/**
 * The data segments without the constants that no instruction names any more. They are where circom keeps each field
 * element of the source, used or not, and always reaches by its address; a program that copies several at once, or
 * steps through them by a local, keeps them all.
 */
export function leaveOutUnmentioned(program: CircomProgram, bodies: readonly Uint8Array[]): DataSegment[] {
  const constants = program.segments.find(holdsConstants)
  if (!constants) return [...program.segments]
  const copySeveral = functionNamed(program, 'Fr_copyn')
  const mentioned = new Set<number>()
  for (const body of bodies) {
    if (calledBy(body).has(copySeveral)) return [...program.segments]
    const instructions = readInstructions(body)
    for (const [at, instruction] of instructions.entries()) {
      const index = constantIndex(instruction, constants)
      if (index === undefined) continue
      const next = instructions[at + 1]?.opcode
      if (next === OPCODE.localSet || next === OPCODE.localTee) return [...program.segments]
      mentioned.add(index)
    }
  }
  return program.segments.flatMap((segment) => (segment === constants ? keep(segment, mentioned) : [segment]))
}

/** Whether each element has the flags that circom gives a constant: in Montgomery form, short or long. */
function holdsConstants({ content }: DataSegment): boolean {
  const view = new DataView(content.buffer, content.byteOffset, content.length)
  if (content.length % ELEMENT_BYTES !== 0 || content.length < FEWEST * ELEMENT_BYTES) return false
  for (let element = 0; element < content.length; element += ELEMENT_BYTES) {
    const flags = view.getUint32(element + 4, true)
    if (flags !== SHORT && flags !== LONG) return false
  }
  return true
}

/** Fewer are not worth the search; and the constant 1 among the signals, which looks the same, is one. */
const FEWEST = 256

const SHORT = 0x4000_0000
const LONG = 0xc000_0000

function constantIndex({ opcode, operand }: Instruction, { address, content }: DataSegment): number | undefined {
  const place = operand - address
  if (opcode !== OPCODE.i32Const || place < 0 || place >= content.length) return undefined
  return Math.floor(place / ELEMENT_BYTES)
}

/** Neighbours stay in one segment. */
function keep({ address, content }: DataSegment, indices: ReadonlySet<number>): DataSegment[] {
  const kept: DataSegment[] = []
  for (let from = 0; from * ELEMENT_BYTES < content.length; from++) {
    if (!indices.has(from)) continue
    let to = from + 1
    while (indices.has(to)) to++
    const start = from * ELEMENT_BYTES
    kept.push({ address: address + start, content: content.subarray(start, to * ELEMENT_BYTES) })
    from = to
  }
  return kept
}
