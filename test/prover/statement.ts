import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { artefactFile } from '../../src/protocol/key-set.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { createGroth16Prover } from '../../src/prover/groth16-prover.ts'
import type { EngineProof } from '../../src/prover/proof-engine.ts'
import { loadWitnessProgram } from '../../src/prover/witness.ts'
import type { ConstraintSystem } from '../circuits/constraint-system.ts'
import { loadTarget } from '../circuits/forger/load-target.ts'
import { type Seeded, seeded } from '../circuits/forger/seeded.ts'
import { createJudges, type Verdict } from './judges.ts'
import { wireAt, withWire } from './wires.ts'

/** A circuit under a key set, with random statements that hold, its prover, and the judges of its proofs. */
export type Statement = {
  /** The witness of random inputs that satisfy the circuit; the same for the same seed. */
  witness: (seed: number) => Promise<Uint8Array>
  /** That witness with one wire changed, at random, such that a constraint breaks; free wires are drawn again. */
  tampered: (seed: number) => Promise<Tampered>
  prove: (witness: Uint8Array) => Promise<EngineProof>
  judge: (made: EngineProof) => Promise<Verdict>
}

export type Tampered = { wire: number; witness: Uint8Array }

/** @param folder of one key set */
export async function openStatement(circuit: CircuitId, folder: string): Promise<Statement> {
  const read = async (kind: 'zkey' | 'wasm' | 'verificationKey'): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await readFile(join(folder, artefactFile(circuit, kind))))
  const program = await loadWitnessProgram(await read('wasm'))
  const prover = await createGroth16Prover({ zkey: await read('zkey') })
  const target = await loadTarget(circuit)
  const { system } = await target.load()
  const witness = (seed: number): Promise<Uint8Array> => program.calculate(target.inputs(seed))
  return {
    witness,
    tampered: async (seed) => tamper(await witness(seed), { system, random: seeded(seed, `${circuit} tampered`) }),
    prove: (witness) => prover.prove(witness),
    judge: await createJudges(JSON.parse(new TextDecoder().decode(await read('verificationKey')))),
  }
}

function tamper(honest: Uint8Array, { system, random }: { system: ConstraintSystem; random: Seeded }): Tampered {
  const wires = Array.from({ length: honest.length / 32 }, (_, wire) => wireAt(honest, wire))
  for (;;) {
    const wire = 1 + Number(random.below(BigInt(wires.length - 1)))
    const value = ((wires[wire] ?? 0n) + 1n + random.below(2n ** 248n)) % FIELD_ORDER
    if (system.firstViolated(wires.with(wire, value)) !== -1) return { wire, witness: withWire(honest, wire, value) }
  }
}
