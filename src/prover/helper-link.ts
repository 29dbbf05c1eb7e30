import type { Group } from '../engine/msm.ts'
import type { CompressedPoints } from '../engine/points.ts'
import type { HelperAnswer, HelperRequest, StepTimes } from './helper-messages.ts'
import { imageBuffers, type ShardImage } from './key-image.ts'
import { ProverError } from './prover-error.ts'
import type { WireSums } from './shard.ts'

/**
 * The lead's side of helper-messages.ts. A helper that fails rejects with {@link ProverError} `prover_crashed`; one
 * that dies never answers, which the page sees and ends the whole crew for.
 */
export class HelperLink {
  readonly #port: MessagePort
  readonly #waiting: { resolve(answer: HelperAnswer): void; reject(reason: unknown): void }[] = []
  #keys = 0

  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<HelperAnswer>) => {
      const asked = this.#waiting.shift()
      if (data.type === 'failed') asked?.reject(failure(data.message))
      else asked?.resolve(data)
    }
    port.onmessageerror = () => this.#waiting.shift()?.reject(failure('an answer could not be read'))
  }

  /** decompressPoints of src/engine/points.ts over there. */
  async decompress(
    group: Group,
    { count, infinities, compressed }: CompressedPoints & { count: number },
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    // Copies: views would take the whole packed key along.
    const points = { count, infinities: infinities.slice(), compressed: compressed.slice() }
    const answer = await this.#ask({ type: 'decompress', group, points }, [])
    return answer.type === 'points' ? answer.points : unexpected(answer)
  }

  /** Hands a shard over: the image's arrays are empty afterwards. Gives the number by which the helper knows it. */
  async load(image: ShardImage): Promise<number> {
    const key = this.#keys++
    await this.#ask({ type: 'load', key, image }, imageBuffers(image))
    return key
  }

  /** {@link Shard.wireSums} over there; `values` is handed over. */
  async wireSums(key: number, values: Uint8Array<ArrayBuffer>): Promise<{ sums: WireSums; steps: StepTimes }> {
    const answer = await this.#ask({ type: 'wires', key, values }, [values.buffer])
    return answer.type === 'wireSums' ? answer : unexpected(answer)
  }

  /** {@link Shard.quotientSum} over there; `values` is handed over. */
  async quotientSum(
    key: number,
    values: Uint8Array<ArrayBuffer>,
  ): Promise<{ sum: Uint8Array<ArrayBuffer>; steps: StepTimes }> {
    const answer = await this.#ask({ type: 'quotient', key, values }, [values.buffer])
    return answer.type === 'quotientSum' ? answer : unexpected(answer)
  }

  #ask(request: HelperRequest, handedOver: ArrayBuffer[]): Promise<HelperAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#port.postMessage(request, handedOver)
    })
  }
}

function failure(message: string): ProverError {
  return new ProverError('prover_crashed', `a helping worker failed: ${message}`)
}

function unexpected(answer: HelperAnswer): never {
  throw new TypeError(`a helper answered ${answer.type} out of turn`)
}
