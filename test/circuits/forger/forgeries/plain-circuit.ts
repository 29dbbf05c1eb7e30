import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { compileMain } from '../../../../scripts/circuits/compile.ts'
import { PLAIN_FLAGS } from '../../../../scripts/circuits/compiler.ts'
import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import { loadWitnessProgram, type WitnessInputs } from '../../../../src/prover/witness.ts'
import { type R1cs, readR1cs } from '../../../../src/setup/r1cs.ts'
import { ConstraintSystem } from '../../constraint-system.ts'
import { removeAssertions } from '../../unasserted.ts'

/** A circuit compiled without simplification: each signal of the source has a wire, each line of it a constraint. */
export type PlainCircuit = {
  readonly r1cs: R1cs
  /** The signal that a wire carries, as the compiler writes it, its numbers included, without `main.`. */
  readonly names: readonly string[]
  readonly wireOf: ReadonlyMap<string, number>
  /** For each wire of the circuit that is proved, the wire here that carries the same signal; −1 for the constant. */
  readonly provedAs: readonly number[]
  /** Rows that only assert: the program computes all signals whether these hold or not. */
  readonly assertions: Uint8Array
  /** Every signal as the program computes it, from inputs that need not satisfy the statement. */
  readonly forge: (inputs: WitnessInputs) => Promise<bigint[]>
}

/** @param example inputs of the circuit, for their names and sizes */
export async function loadPlainCircuit(mainFile: string, example: WitnessInputs): Promise<PlainCircuit> {
  const [plain, proved] = await Promise.all([compileMain(mainFile, { flags: PLAIN_FLAGS }), compileMain(mainFile)])
  const r1cs = readR1cs(await readFile(plain.r1csPath))
  const program = await loadWitnessProgram(removeAssertions(new Uint8Array(await readFile(plain.wasmPath))))
  const names = await readNames(plain.symPath)
  const wireOf = new Map(names.map((name, wire) => [name, wire]))
  const forge = async (inputs: WitnessInputs) => elements(await program.calculate(inputs))
  const provedNames = await readNames(proved.symPath)
  return {
    r1cs,
    names,
    wireOf,
    provedAs: provedNames.map((name) => wireOf.get(name) ?? -1),
    assertions: await assertionsOf(r1cs, forge, example),
    forge,
  }
}

/** Runs on arbitrary inputs that tell assertions from definitions: a definition holds whatever the inputs are. */
const RUNS = 8

async function assertionsOf(r1cs: R1cs, forge: PlainCircuit['forge'], example: WitnessInputs): Promise<Uint8Array> {
  const system = new ConstraintSystem(r1cs)
  const assertions = new Uint8Array(r1cs.rows)
  for (let run = 0; run < RUNS; run++) {
    for (const row of system.violated(await forge(arbitraryInputs(example, run)))) assertions[row] = 1
  }
  return assertions
}

/** Inputs of the same names and sizes, each any field element; the same for the same run. */
export function arbitraryInputs(example: WitnessInputs, run: number): WitnessInputs {
  const element = (label: string) =>
    BigInt(`0x${createHash('sha512').update(`arbitrary ${run} ${label}`).digest('hex')}`) % FIELD_ORDER
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? element(name) : value.map((_, index) => element(`${name} ${index}`)),
    ]),
  )
}

/** The first signal of each wire in a `.sym` file, whose lines are `label,wire,component,name`; wire 0 has none. */
async function readNames(symPath: string): Promise<string[]> {
  const names: string[] = ['']
  for (const line of (await readFile(symPath, 'utf8')).split('\n')) {
    const [, wire = '-1', , name = ''] = line.split(',')
    if (wire !== '-1') names[Number(wire)] ??= name.replace(/^main\./, '')
  }
  return names
}

/** 32 bytes little-endian each. */
function elements(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 32 }, (_, element) => {
    let value = 0n
    for (let word = 3; word >= 0; word--) value = (value << 64n) | view.getBigUint64(element * 32 + word * 8, true)
    return value
  })
}
