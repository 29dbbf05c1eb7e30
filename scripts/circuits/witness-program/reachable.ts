import type { CircomProgram } from './circom-program.ts'
import { OPCODE, readInstructions } from './instructions.ts'

/** No locals, `unreachable`, `end`: valid whatever the function's type is. */
const EMPTY_BODY = Uint8Array.of(0, OPCODE.unreachable, OPCODE.end)

/**
 * The bodies with those emptied that no export and no entry of the table leads to, so that no number changes. What
 * circom evaluates while it compiles stays in its output as such functions: the tables of Poseidon among them.
 */
export function emptyUnreachable({ bodies, imported, roots }: CircomProgram): Uint8Array[] {
  const reached = new Set<number>()
  const waiting = [...roots]
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const body = bodies[index - imported]
    if (!body || reached.has(index)) continue
    reached.add(index)
    waiting.push(...calledBy(body))
  }
  return bodies.map((body, at) => (reached.has(at + imported) ? body : EMPTY_BODY))
}

/** Numbers of the functions that a body calls by number. */
export function calledBy(body: Uint8Array): Set<number> {
  return new Set(readInstructions(body).flatMap(({ opcode, operand }) => (opcode === OPCODE.call ? [operand] : [])))
}
