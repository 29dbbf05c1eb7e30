import { EngineError, type EngineErrorCode } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'

/** Bytes outside: x, then y, 32 each little-endian and canonical, in G2 c0 before c1. */
export const G1_BYTES = 64
export const G2_BYTES = 128

/** Bytes in the engine's memory. */
export const AFFINE_BYTES = 72
export const TWIST_BYTES = 144
export const SUM_BYTES = 144

const CODES: Readonly<Record<number, EngineErrorCode>> = {
  1: 'point_unreduced',
  2: 'point_infinite',
  3: 'point_off_curve',
}

/** Reads a point of G1 to `point`; throws {@link EngineError}. `name` is what the message calls it. */
export function readG1(engine: Engine, point: Pointer, bytes: Uint8Array, name: string): void {
  read(engine, { call: 'readG1Point', length: G1_BYTES, point, bytes, name })
}

/** Reads a point of the twist, be it in G2 or not. */
export function readTwist(engine: Engine, point: Pointer, bytes: Uint8Array, name: string): void {
  read(engine, { call: 'readTwistPoint', length: G2_BYTES, point, bytes, name })
}

type Reading = { call: string; length: number; point: Pointer; bytes: Uint8Array; name: string }

function read(engine: Engine, { call, length, point, bytes, name }: Reading): void {
  if (bytes.length !== length) throw new EngineError('point_length', `${name} has ${bytes.length} bytes, not ${length}`)
  const code = CODES[engine.scoped(() => engine.call(call, point, engine.put(bytes)))]
  if (code) throw new EngineError(code, `${name} is no point that may stand here: ${code}`)
}
