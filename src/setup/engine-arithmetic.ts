import { FixedBase } from '../engine/fixed-base.ts'
import { createEngine } from '../engine/load.ts'
import type { SetupArithmetic } from './arithmetic.ts'

/** {@link SetupArithmetic} on an engine of its own, which keeps no scalar once a call has returned. */
export async function createEngineArithmetic(): Promise<SetupArithmetic> {
  const engine = await createEngine()
  const g1 = new FixedBase(engine, 'g1')
  const g2 = new FixedBase(engine, 'g2')
  return {
    multiplyG1: (scalars) => multiply(g1, scalars),
    multiplyG2: (scalars) => multiply(g2, scalars),
  }
}

function multiply(base: FixedBase, scalars: readonly bigint[]): Uint8Array<ArrayBuffer> {
  const bytes = toBytes(scalars)
  try {
    return base.multiply(bytes)
  } finally {
    bytes.fill(0)
  }
}

/** 32 bytes little-endian each. */
function toBytes(scalars: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * scalars.length)
  const view = new DataView(bytes.buffer)
  for (const [index, scalar] of scalars.entries()) {
    for (let word = 0; word < 4; word++) {
      view.setBigUint64(32 * index + 8 * word, BigInt.asUintN(64, scalar >> BigInt(64 * word)), true)
    }
  }
  return bytes
}
