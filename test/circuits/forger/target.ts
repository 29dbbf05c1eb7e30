import type { WitnessInputs } from '../../../src/prover/witness.ts'
import type { Circuit } from '../circuit.ts'
import type { EvaluatedWitness } from '../constraint-system.ts'

/** A circuit put before the forger, with what its reviewers already know of it. */
export type ForgeTarget = {
  readonly name: string
  readonly load: () => Promise<Circuit>
  /**
   * Inputs that satisfy the circuit; the same seed gives the same. Seeds are integers from 0. Seed 0 is tried in every
   * run: it has the special values (zeros, empty parts, equal bounds) at which a product or a hint vanishes.
   */
  readonly inputs: (seed: number) => WitnessInputs
  /** Wires that may change while all others stay. */
  readonly survivors: readonly Reviewed[]
  /** Wires that the inputs do not determine. */
  readonly undetermined: readonly Reviewed[]
  /** False witnesses made by hand, one after the other; every one must break a constraint. */
  readonly forgeries: (circuit: Circuit, seed: number) => AsyncIterable<Forgery>
  /** It verifies an issuer's signature, so the known attacks on signatures are put before it too. */
  readonly issuerSignature?: true
}

/** Wires whose freedom was looked at. An entry that no wire needs any more is an error, as is a wire without an entry. */
export type Reviewed = {
  /** Matched against a wire's name as in {@link Circuit.names}. */
  readonly signal: RegExp
  /** Why nothing follows from it. */
  readonly reason: string
}

export type Forgery = {
  /** What is claimed falsely; unique within the target. */
  readonly name: string
  /** What must refuse it: each constraint it breaks has a signal whose name matches. */
  readonly refusedBy?: RegExp
} & (
  | {
      /** Every wire's value, wire 0 (the constant 1) first. */
      readonly witness: readonly bigint[]
    }
  | {
      /** Wires of an honest witness that have another value. */
      readonly changes: ReadonlyMap<number, bigint>
      readonly of: EvaluatedWitness
    }
)
