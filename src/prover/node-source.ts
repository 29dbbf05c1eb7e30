import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { ArtefactSource } from './artefact-source.ts'
import { ProverError } from './prover-error.ts'

/** Files under `<base>/<keySetHash>/` of the file system. Reading from it is no download: it reports no bytes. */
export function directorySource(base: string, keySetHash: string): ArtefactSource {
  return {
    read: async (file, { limit, signal }) => {
      const bytes = new Uint8Array(limit)
      let length = 0
      try {
        const stream = createReadStream(join(base, keySetHash, file), {
          highWaterMark: 1 << 20,
          ...(signal && { signal }),
        })
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          if (length + chunk.length > limit) {
            throw new ProverError('artefact_corrupt', `${file} is longer than the key set says`)
          }
          bytes.set(chunk, length)
          length += chunk.length
        }
      } catch (cause) {
        if (cause instanceof ProverError) throw cause
        signal?.throwIfAborted()
        throw new ProverError('artefact_unreachable', `${file} could not be read`, { cause })
      }
      return length === limit ? bytes : bytes.slice(0, length)
    },
  }
}
