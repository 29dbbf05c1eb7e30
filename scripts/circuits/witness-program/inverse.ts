import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { type CircomProgram, functionNamed } from './circom-program.ts'
import { OPCODE, readInstructions } from './instructions.ts'
import { joinBytes, readModule, SECTION, sectionReader, signed, WasmFormatError } from './wasm-module.ts'

const ASSEMBLY = join(import.meta.dirname, 'assembly')
const FLAGS = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--runtime', 'stub', '--noAssert']

/** What assembly/inverse.ts works in. */
const SCRATCH_BYTES = 128

/**
 * The bodies with circom's extended Euclid, which divides bit by bit, replaced by assembly/inverse.ts. The new function
 * works where the old one kept its numbers, in memory that no other function of the field's arithmetic names.
 *
 * @param inverse from {@link compileInverse}
 */
export function replaceInverse(program: CircomProgram, inverse: Uint8Array): Uint8Array[] {
  const { bodies, functions, imported } = program
  const old = functionNamed(program, 'Fr_int_inverseMod') - imported
  const scratch = constantsOf(bodies[old] ?? inverse)[0]
  if (scratch === undefined) throw new WasmFormatError("circom's inversion names no memory")
  for (const [name, index] of functions) {
    const body = bodies[index - imported]
    if (!body || index - imported === old || !name.startsWith('Fr_')) continue
    if (constantsOf(body).some((address) => address >= scratch && address < scratch + SCRATCH_BYTES)) {
      throw new WasmFormatError(`${name} names the inversion's memory`)
    }
  }
  return bodies.map((body, at) => (at === old ? withScratch(inverse, scratch) : body))
}

function constantsOf(body: Uint8Array): number[] {
  return readInstructions(body).flatMap(({ opcode, operand }) => (opcode === OPCODE.i32Const ? [operand] : []))
}

/** The body of assembly/inverse.ts, in which `call 0` stands for the scratch memory's address. */
export async function compileInverse(): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main(['inverse.ts', '--outFile', 'inverse.wasm', ...FLAGS], {
    readFile: (name: string, base: string) =>
      readFile(join(base === '.' ? ASSEMBLY : base, name), 'utf8').catch(() => null),
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== 'string') wasm = contents
    },
    listFiles: () => [],
  })
  if (error || !wasm) throw new Error(`the inversion does not compile:\n${stderr.toString()}`, { cause: error })
  const code = sectionReader(readModule(wasm), SECTION.code)
  const [body, ...others] = code.vector(() => code.sized())
  if (!body || others.length > 0) throw new Error('the inversion is not one function')
  return body
}

function withScratch(body: Uint8Array, address: number): Uint8Array {
  const parts: Uint8Array[] = []
  let written = 0
  for (const { opcode, start, end } of readInstructions(body)) {
    if (opcode !== OPCODE.call) continue
    parts.push(body.subarray(written, start), Uint8Array.of(OPCODE.i32Const), signed(address))
    written = end
  }
  return joinBytes([...parts, body.subarray(written)])
}
