import type { Engine } from '../engine/load.ts'
import { type KeyPoints, PairingKey } from '../engine/pairing.ts'
import type { CircuitId } from '../protocol/signals.ts'

/**
 * A verification key whose points have been checked, with what every verification shares computed once, in the memory
 * of an engine that lives as long as the key. Made by `loadVerificationKey` alone, so whoever holds one need not ask
 * again whether it is safe.
 */
export type VerificationKey = {
  readonly circuit: CircuitId
  readonly signalCount: number
  /** In the engine: the lines of γ and δ, the Miller loop of (α, β), tables of IC. */
  readonly pairing: PairingKey
}

/** Throws {@link EngineError} for points outside their groups. Whether the key is safe, `loadVerificationKey` says. */
export function preparePairingKey(engine: Engine, circuit: CircuitId, points: KeyPoints): VerificationKey {
  const pairing = PairingKey.create(engine, points)
  return { circuit, signalCount: pairing.signalCount, pairing }
}
