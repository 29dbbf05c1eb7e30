/**
 * The witness program with every failed assertion ignored.
 *
 * circom ends an assertion's failure branch with: build the message, print it, `i32.const 4`, `return`, `end`. The
 * constant and the return become `nop`s, so that the function goes on. A program without assertions comes back as it is.
 */
export function removeAssertions(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const program = new Uint8Array(wasm)
  for (let at = 0; at + 8 <= program.length; at++) {
    if (isFailure(program, at)) program.fill(NOP, at + 4, at + 7)
  }
  return program
}

const NOP = 0x01
const CALL = 0x10
const I32_CONST = 0x41
const RETURN = 0x0f
const END = 0x0b
/** circom's error code for a failed assertion. */
const ASSERTION_FAILED = 4

function isFailure(program: Uint8Array, at: number): boolean {
  return (
    program[at] === CALL &&
    program[at + 2] === CALL &&
    program[at + 4] === I32_CONST &&
    program[at + 5] === ASSERTION_FAILED &&
    program[at + 6] === RETURN &&
    program[at + 7] === END
  )
}
