import { ProverError } from './prover-error.ts'

/** Where the files of one key set come from. Nothing it returns is trusted before its hash has been checked. */
export type ArtefactSource = {
  /** Whether bytes come over a network, so that a key is better asked for packed and unpacked here. */
  readonly remote?: boolean
  /**
   * The bytes of a file of the key set, at most `limit` of them. Rejects with {@link ProverError}
   * `artefact_unreachable` or `artefact_corrupt` (more than `limit`), or with the signal's reason.
   */
  read(file: string, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>
}

export type ReadOptions = {
  limit: number
  signal?: AbortSignal | undefined
  /** Bytes received since the last call. */
  onBytes?: ((count: number) => void) | undefined
}

/** Files under `<base>/<keySetHash>/` of a web server. `base` may be relative to the page or worker. */
export function httpSource(base: string, keySetHash: string, fetchFile: typeof fetch = fetch): ArtefactSource {
  const folder = `${base.replace(/\/+$/, '')}/${keySetHash}`
  return {
    remote: true,
    read: async (file, { limit, signal, onBytes }) => {
      let response: Response
      try {
        // The HTTP cache is passed by: the artefact cache is checked by hash, and a second try must reach the server.
        response = await fetchFile(`${folder}/${file}`, {
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          ...(signal && { signal }),
        })
      } catch (cause) {
        signal?.throwIfAborted()
        throw new ProverError('artefact_unreachable', `${file} could not be fetched`, { cause })
      }
      if (!response.ok || !response.body) {
        throw new ProverError('artefact_unreachable', `${file} could not be fetched: status ${response.status}`)
      }
      return collect(response.body, { file, limit, signal, onBytes })
    },
  }
}

type CollectOptions = ReadOptions & { file: string }

/** Into one array from the start: a key held in pieces as well would be in memory twice. */
async function collect(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { file, limit, signal, onBytes }: CollectOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(limit)
  let length = 0
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (length + value.length > limit) {
        throw new ProverError('artefact_corrupt', `${file} is longer than the key set says`)
      }
      bytes.set(value, length)
      length += value.length
      onBytes?.(value.length)
    }
  } catch (cause) {
    if (cause instanceof ProverError) {
      // The rest of an answer that is already known to be wrong; that it cannot be cancelled changes nothing.
      reader.cancel().catch(() => {})
      throw cause
    }
    signal?.throwIfAborted()
    throw new ProverError('artefact_unreachable', `${file} broke off after ${length} bytes`, { cause })
  }
  return length === limit ? bytes : bytes.slice(0, length)
}
