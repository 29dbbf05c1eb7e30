import type { Engine, Pointer } from './load.ts'

/** Lines of a Miller loop: of three coefficients, or of two where the first is one. */
export type LineForm = 'full' | 'unit'

export function lineBytes(engine: Engine, form: LineForm): number {
  return engine.call(form === 'unit' ? 'pairingUnitLineBytes' : 'pairingLineBytes')
}

/**
 * The unit lines of `count` points of the twist at `points`, the first at `lines`, the others each `stride` bytes
 * further; some 50 µs a point where many share their inversions, 700 alone. False for each point outside G2.
 */
export function unitLines(
  engine: Engine,
  { lines, stride, points, count }: { lines: Pointer; stride: number; points: Pointer; count: number },
): boolean[] {
  return engine.scoped(() => {
    const outside = engine.put(new Uint8Array(count))
    const work = engine.allocate(count * engine.call('pairingUnitLineWork'))
    engine.call('pairingUnitLines', lines, stride, points, outside, count, work)
    return Array.from(engine.view(outside, count), (flag) => flag === 0)
  })
}

/** The lines of one point of the twist, without inversions, some 70 µs; false where it is outside G2. */
export function fullLines(engine: Engine, lines: Pointer, point: Pointer): boolean {
  return engine.call('pairingLines', lines, point) !== 0
}

/** One factor of a {@link millerProduct}: the lines of a point of G2, and −x/y and 1/y of a point of G1. */
export type Pair = { readonly lines: Pointer; readonly form: LineForm; readonly argument: Pointer }

/** Bytes of an element of GT in the engine's memory, and outside. */
export const GT_MEMORY_BYTES = 432
export const GT_BYTES = 384

/** The product of the pairs' Miller loops at `result`, the final exponentiation left out. */
export function millerProduct(engine: Engine, result: Pointer, pairs: readonly Pair[]): void {
  const words = Uint32Array.from(
    pairs.flatMap(({ lines, form, argument }) => [lines, form === 'unit' ? 1 : 0, argument]),
  )
  engine.scoped(() => engine.call('pairingMiller', result, engine.put(new Uint8Array(words.buffer)), pairs.length))
}

/** −x/y and 1/y of `count` sums in G1, 72 bytes each, in newly allocated memory. */
export function pairingArguments(engine: Engine, sums: Pointer, count: number): Pointer {
  const results = engine.allocate(72 * count)
  engine.scoped(() => engine.call('pairingArguments', results, sums, count, engine.allocate(36 * count)))
  return results
}

/** Whether a product of Miller loops is one in GT; `product` is overwritten. */
export function isOneInGt(engine: Engine, product: Pointer): boolean {
  engine.call('pairingFinish', product, product)
  return engine.call('pairingIsOne', product) !== 0
}
