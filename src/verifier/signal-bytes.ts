import { littleEndian } from '../engine/little-endian.ts'
import { FIELD_ORDER, type FieldElement } from '../protocol/field.ts'
import type { VerificationKey } from './pairing-key.ts'

/**
 * The signals as the engine takes them; undefined unless they are as many as the circuit has, each an integer from 0
 * to below r. The type alone is not relied on: another spelling of a signal is another name for the same person.
 */
export function signalBytes(
  { signalCount }: Pick<VerificationKey, 'signalCount'>,
  signals: readonly FieldElement[],
): Uint8Array | undefined {
  return signals.length === signalCount && holdsForEach(signals, isReduced) ? littleEndian(signals) : undefined
}

/** `every`, which passes over the holes of a sparse array, asking about them too: they are undefined. */
export function holdsForEach(values: readonly unknown[], holds: (value: unknown) => boolean): boolean {
  for (let index = 0; index < values.length; index++) if (!holds(values[index])) return false
  return true
}

function isReduced(signal: unknown): boolean {
  return typeof signal === 'bigint' && signal >= 0n && signal < FIELD_ORDER
}
