import { littleEndian } from '../../src/engine/little-endian.ts'
import { createEngine } from '../../src/engine/load.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { preparePairingKey, type VerificationKey } from '../../src/verifier/pairing-key.ts'
import type { KeyJson } from './noble-verifier.ts'

/** A key that `loadVerificationKey` refuses: the control that a forgery holds under it. */
export async function loadUnsafeKey(json: KeyJson, circuit: CircuitId): Promise<VerificationKey> {
  const g1 = ([x = '', y = '']: readonly string[]) => littleEndian([x, y].map(BigInt))
  const g2 = ([x = [], y = []]: readonly (readonly string[])[]) => littleEndian([...x, ...y].map(BigInt))
  return preparePairingKey(await createEngine(), circuit, {
    alpha: g1(json.vk_alpha_1),
    beta: g2(json.vk_beta_2),
    gamma: g2(json.vk_gamma_2),
    delta: g2(json.vk_delta_2),
    inputs: json.IC.map(g1),
  })
}
