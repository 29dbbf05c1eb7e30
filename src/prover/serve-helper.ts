import { createEngine } from '../engine/load.ts'
import { decompressPoints } from '../engine/points.ts'
import { wipe } from '../engine/release.ts'
import type { HelperAnswer, HelperRequest } from './helper-messages.ts'
import { Shard, type ShardStep } from './shard.ts'

/**
 * The helper's side of helper-messages.ts: keeps the shards that the lead sends, and multiplies them. It knows nothing
 * of circuits or inputs, draws no randomness, and sees of a witness the values of its own wires.
 */
export function serveHelper(port: MessagePort): void {
  // Compiled while the lead still loads; should it fail, the first request says so.
  const scratch = createEngine()
  scratch.catch(() => {})
  const shards = new Map<number, Shard>()
  let steps: [ShardStep, number][] = []

  const shardOf = (key: number): Shard => {
    const shard = shards.get(key)
    if (!shard) throw new RangeError(`no shard of key ${key} was loaded`)
    return shard
  }

  const respond = async (request: HelperRequest): Promise<HelperAnswer> => {
    if (request.type === 'decompress') {
      return { type: 'points', points: decompressPoints(await scratch, request.group, request.points) }
    }
    const { type, key } = request
    if (type === 'load') {
      const onStep = (step: ShardStep, milliseconds: number): void => void steps.push([step, milliseconds])
      shards.set(key, new Shard(await createEngine(), request.image, onStep))
      return { type: 'loaded' }
    }
    steps = []
    try {
      if (type === 'wires') return { type: 'wireSums', sums: shardOf(key).wireSums(request.values), steps }
      return { type: 'quotientSum', sum: shardOf(key).quotientSum(request.values), steps }
    } finally {
      wipe(request.values)
    }
  }

  let turn: Promise<void> = Promise.resolve()
  const answer = (work: () => Promise<HelperAnswer>): void => {
    turn = turn.then(async () => {
      const answer = await work().catch((error: unknown): HelperAnswer => {
        return { type: 'failed', message: error instanceof Error ? error.name : 'not an error' }
      })
      port.postMessage(answer, answer.type === 'points' && answer.points ? [answer.points.buffer] : [])
    })
  }
  port.onmessage = ({ data }: MessageEvent<HelperRequest>) => answer(() => respond(data))
  // Every request has an answer, in its turn: what cannot be read, too.
  port.onmessageerror = () => answer(async () => ({ type: 'failed', message: 'a request could not be read' }))
}
