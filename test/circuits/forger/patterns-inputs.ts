import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import type { Circuit } from '../circuit.ts'
import { modulo } from '../constraint-system.ts'

/** What an input's values must be: from `from` (0 unless given) to below `below`, or a point `[x, y]` of Baby Jubjub. */
export type Range = { readonly from?: bigint; readonly below: bigint } | 'curve'

export type InputFinding = { readonly signal: string; readonly reason: string }

/**
 * Inputs outside their range with which every constraint holds. The witness is that of the program without assertions,
 * so that only constraints can refuse. Where several values share a range, one is also raised and another lowered, so
 * that their sum stays.
 */
export async function acceptedOutOfRange(
  circuit: Circuit,
  inputs: WitnessInputs,
  ranges: Readonly<Record<string, Range>>,
): Promise<InputFinding[]> {
  const findings: InputFinding[] = []
  for (const [signal, range] of Object.entries(ranges)) {
    const given = inputs[signal]
    if (given === undefined) throw new Error(`${circuit.name}: no input ${signal}`)
    const values = typeof given === 'bigint' ? [given] : given
    for (const changed of range === 'curve' ? offCurve(values) : outside(values, range)) {
      const value = typeof given === 'bigint' ? (changed[0] ?? 0n) : changed
      if (await accepts(circuit, { ...inputs, [signal]: value })) {
        findings.push({ signal, reason: 'accepted outside its range' })
        break
      }
    }
  }
  return findings
}

/** Outputs that become equal when two inputs do: hashes of different things that nothing tells apart. */
export async function collidingOutputs(circuit: Circuit, inputs: WitnessInputs): Promise<InputFinding[]> {
  if (circuit.system.r1cs.outputs < 2) return []
  const single = Object.entries(inputs).filter((entry): entry is [string, bigint] => typeof entry[1] === 'bigint')
  const findings: InputFinding[] = []
  const before = await outputsOf(circuit, inputs)
  for (const [index, [left, value]] of single.entries()) {
    for (const [right] of single.slice(index + 1)) {
      const after = await outputsOf(circuit, { ...inputs, [right]: value })
      for (const [i, [signal, output]] of after.entries()) {
        const twin = after.slice(i + 1).find(([, other]) => other === output && output > MEANINGLESS)
        const distinct = new Set(before.map(([, other]) => other)).size === before.length
        if (twin && distinct) findings.push({ signal, reason: `equals ${twin[0]} where ${left} equals ${right}` })
      }
    }
  }
  return findings
}

/** Small numbers meet by chance. */
const MEANINGLESS = 2n ** 64n

function outside(values: readonly bigint[], { from = 0n, below }: Exclude<Range, 'curve'>): bigint[][] {
  const isInside = (value: bigint) => from <= value && value < below
  const changed: bigint[][] = []
  for (const [index, value] of values.entries()) {
    const candidates = [from - 1n, below, below + 1n, below + value, 2n * below - 1n, -1n, -below, 2n ** 253n]
    for (const candidate of candidates.map(modulo))
      if (!isInside(candidate)) changed.push(values.with(index, candidate))
    for (const [other, otherValue] of values.entries()) {
      if (other === index || (isInside(value + 1n) && isInside(otherValue - 1n))) continue
      changed.push(values.with(index, modulo(value + 1n)).with(other, modulo(otherValue - 1n)))
    }
  }
  return changed
}

/** The last makes (x, y) ↦ (0, y), off the curve unless y is 1 or −1. */
function offCurve([, y = 0n]: readonly bigint[]): bigint[][] {
  return [
    [1n, 2n],
    [0n, FIELD_ORDER - 2n],
    [0n, y],
  ]
}

async function accepts(circuit: Circuit, inputs: WitnessInputs): Promise<boolean> {
  return circuit.system.firstViolated(await circuit.forge(inputs)) === -1
}

/** None when the circuit does not accept these inputs. */
async function outputsOf(circuit: Circuit, inputs: WitnessInputs): Promise<[name: string, value: bigint][]> {
  const witness = await circuit.forge(inputs)
  if (circuit.system.firstViolated(witness) !== -1) return []
  return Array.from({ length: circuit.system.r1cs.outputs }, (_, index) => [
    circuit.names[index + 1] ?? '',
    witness[index + 1] ?? 0n,
  ])
}
