import type { Group } from '../engine/msm.ts'
import type { CompressedPoints } from '../engine/points.ts'
import type { ShardImage } from './key-image.ts'
import type { ShardStep, WireSums } from './shard.ts'

/**
 * What the lead sends a helper, its large arrays handed over. Each message has one answer, in the messages' order. A
 * `key` is the lead's number for a key; a proof is a `wires` and then a `quotient` under the same key.
 */
export type HelperRequest =
  /** Some points of a packed key. */
  | { type: 'decompress'; group: Group; points: CompressedPoints & { count: number } }
  | { type: 'load'; key: number; image: ShardImage }
  /** The values of the shard's wires, 32 bytes little-endian each. */
  | { type: 'wires'; key: number; values: Uint8Array<ArrayBuffer> }
  /** The values of the quotient for the shard's points of H, alike. */
  | { type: 'quotient'; key: number; values: Uint8Array<ArrayBuffer> }

export type HelperAnswer =
  /** Undefined where one of them is none. */
  | { type: 'points'; points: Uint8Array<ArrayBuffer> | undefined }
  | { type: 'loaded' }
  | { type: 'wireSums'; sums: WireSums; steps: StepTimes }
  | { type: 'quotientSum'; sum: Uint8Array<ArrayBuffer>; steps: StepTimes }
  /** `message` says what kind of fault it was, and holds no value. */
  | { type: 'failed'; message: string }

/** Milliseconds of each step, in their order. */
export type StepTimes = readonly (readonly [ShardStep, number])[]
