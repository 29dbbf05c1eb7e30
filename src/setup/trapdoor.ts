import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { randomBytes, utf8 } from '../protocol/bytes.ts'
import { FIELD_ORDER } from '../protocol/field.ts'
import { SetupError } from './setup-error.ts'

/**
 * The scalars that a Groth16 set-up draws and must forget: who knows them can prove anything. γ is fixed to 1 as
 * snarkjs fixes it, so δ must not be 1, or proofs could be forged by anyone.
 */
export type Trapdoor = { tau: bigint; alpha: bigint; beta: bigint; delta: bigint }

/** What names the public randomness of development keys. A change of this text is a change of every such key. */
export const DEVELOPMENT_LABEL = 'touchstone/v1/development-keys'

const NAMES = ['tau', 'alpha', 'beta', 'delta'] as const

/** Fresh scalars from the platform's CSPRNG. The caller drops them after use and writes them nowhere. */
export function randomTrapdoor(): Trapdoor {
  return drawTrapdoor(() => randomBytes(64))
}

/**
 * The same scalars for the same circuit on every machine: SHA-256(label ‖ 0x00 ‖ name ‖ half ‖ SHA-256 of the r1cs),
 * two halves a scalar. Keys made from them protect nothing and are refused in production.
 */
export function developmentTrapdoor(r1csHash: Uint8Array): Trapdoor {
  if (r1csHash.length !== 32) throw new SetupError('r1cs_hash_length', 'the r1cs hash must have 32 bytes')
  return drawTrapdoor((name) => {
    const half = (index: number): Uint8Array =>
      sha256(concatBytes(utf8(DEVELOPMENT_LABEL), new Uint8Array(1), utf8(name), Uint8Array.of(index), r1csHash))
    return concatBytes(half(0), half(1))
  })
}

/** 64 bytes are reduced modulo r, so the bias is below 2^-256. Zero and, for δ, one are refused. */
function drawTrapdoor(draw: (name: (typeof NAMES)[number]) => Uint8Array): Trapdoor {
  const scalar = (name: (typeof NAMES)[number]): bigint => bytesToNumberBE(draw(name)) % FIELD_ORDER
  const trapdoor = { tau: scalar('tau'), alpha: scalar('alpha'), beta: scalar('beta'), delta: scalar('delta') }
  if (NAMES.some((name) => trapdoor[name] === 0n) || trapdoor.delta === 1n) {
    throw new SetupError('trapdoor_degenerate', 'the randomness of the set-up is degenerate')
  }
  return trapdoor
}
