import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { ArtefactSource } from './artefact-source.ts'
import { ProverError } from './prover-error.ts'

/** Files under `<base>/<keySetHash>/` of the file system. Reading from it is no download: it reports no bytes. */
export function directorySource(base: string, keySetHash: string): ArtefactSource {
  return {
    read: async (file, { limit, signal }) => {
      const chunks: Uint8Array[] = []
      let length = 0
      try {
        const stream = createReadStream(join(base, keySetHash, file), { ...(signal && { signal }) })
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          length += chunk.length
          if (length > limit) throw new ProverError('artefact_corrupt', `${file} is longer than the key set says`)
          chunks.push(chunk)
        }
      } catch (cause) {
        if (cause instanceof ProverError) throw cause
        signal?.throwIfAborted()
        throw new ProverError('artefact_unreachable', `${file} could not be read`, { cause })
      }
      return new Uint8Array(Buffer.concat(chunks, length))
    },
  }
}
