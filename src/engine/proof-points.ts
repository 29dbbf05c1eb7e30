import type { Engine, Pointer } from './load.ts'
import { fullLines, type LineForm, lineBytes, unitLines } from './pairing-lines.ts'
import { AFFINE_BYTES, TWIST_BYTES } from './pairing-points.ts'

/** Bytes of a proof on the wire: x of A (32), B (64) and C (32), big-endian, flags in the first bits of each. */
export const PROOF_BYTES = 128

/** A and C, affine. */
const POINTS_BYTES = 2 * AFFINE_BYTES

/**
 * A proof whose points are in their groups, with the lines of B: copied out of the engine's memory, so that it may be
 * kept for as long as one likes, and put into another engine. Some 19 KB, or 13 where many were read together.
 */
export class ProofPoints {
  readonly form: LineForm
  readonly #bytes: Uint8Array

  /** Made by {@link readProof} and {@link readProofs} alone. */
  constructor(form: LineForm, bytes: Uint8Array) {
    this.form = form
    this.#bytes = bytes
  }

  /** Puts A, C and the lines into an engine's memory. */
  put(engine: Engine): { a: Pointer; c: Pointer; lines: Pointer } {
    const a = engine.put(this.#bytes)
    return { a, c: a + AFFINE_BYTES, lines: a + POINTS_BYTES }
  }
}

/**
 * Reads a proof strictly, as protocol/proof.ts does, and asks besides whether B is in G2. Undefined for whatever is no
 * such proof; infinity has no encoding.
 */
export function readProof(engine: Engine, bytes: Uint8Array): ProofPoints | undefined {
  if (bytes.length !== PROOF_BYTES) return undefined
  return engine.scoped(() => {
    const length = POINTS_BYTES + lineBytes(engine, 'full')
    const proof = engine.allocate(Math.max(length, POINTS_BYTES + TWIST_BYTES))
    const point = engine.allocate(TWIST_BYTES)
    if (!engine.call('pairingReadProof', proof, engine.put(bytes))) return undefined
    engine.view(point, TWIST_BYTES).set(engine.take(proof + POINTS_BYTES, TWIST_BYTES))
    if (!fullLines(engine, proof + POINTS_BYTES, point)) return undefined
    return new ProofPoints('full', engine.take(proof, length))
  })
}

/** The same for many, in the same order: the lines of all B are computed together, which is faster from four on. */
export function readProofs(engine: Engine, proofs: readonly Uint8Array[]): (ProofPoints | undefined)[] {
  const results = new Array<ProofPoints | undefined>(proofs.length).fill(undefined)
  engine.scoped(() => {
    const stride = POINTS_BYTES + lineBytes(engine, 'unit')
    const memory = engine.allocate(proofs.length * stride)
    const points = engine.allocate(proofs.length * TWIST_BYTES)
    const wire = engine.allocate(PROOF_BYTES)
    const places: number[] = []
    for (const [place, bytes] of proofs.entries()) {
      if (bytes.length !== PROOF_BYTES) continue
      const proof = memory + places.length * stride
      engine.view(wire, PROOF_BYTES).set(bytes)
      if (!engine.call('pairingReadProof', proof, wire)) continue
      const b = engine.take(proof + POINTS_BYTES, TWIST_BYTES)
      engine.view(points + places.length * TWIST_BYTES, TWIST_BYTES).set(b)
      places.push(place)
    }
    const inGroup = unitLines(engine, { lines: memory + POINTS_BYTES, stride, points, count: places.length })
    for (const [index, place] of places.entries()) {
      if (inGroup[index]) results[place] = new ProofPoints('unit', engine.take(memory + index * stride, stride))
    }
  })
  return results
}
