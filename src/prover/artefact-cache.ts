/** Keeps artefacts by the hash of their content. What it returns is checked again by whoever asks. */
export type ArtefactCache = {
  read(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  write(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  delete(hash: string): Promise<void>
}

/** The name under which the browser lists this cache; a change of the stored form is a new name. */
export const ARTEFACT_CACHE_NAME = 'touchstone-artefacts-v1'

/**
 * Artefacts in the browser's Cache Storage, which pages, workers and service workers of an origin share. Undefined
 * where there is none (an insecure context), which costs a download for each worker and nothing else.
 */
export function cacheStorageCache(storage: CacheStorage | undefined = globalThis.caches): ArtefactCache | undefined {
  if (!storage) return undefined
  const open = (): Promise<Cache> => storage.open(ARTEFACT_CACHE_NAME)
  return {
    read: async (hash) => {
      const response = await (await open()).match(address(hash))
      return response && readWhole(response)
    },
    write: async (hash, bytes) => {
      const headers = { [LENGTH]: String(bytes.length) }
      await (await open()).put(address(hash), new Response(inPieces(bytes), { headers }))
    },
    delete: async (hash) => {
      await (await open()).delete(address(hash))
    },
  }
}

/** In which an entry says how many bytes it has. */
const LENGTH = 'content-length'

/**
 * An entry's bytes, read into one array where the platform can: `arrayBuffer()` collects them first, and of a proving
 * key keeps those megabytes a while longer.
 */
async function readWhole(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const length = Number(response.headers.get(LENGTH))
  const reader = length > 0 && length <= MOST_BYTES ? byteReader(response) : undefined
  if (!reader) return new Uint8Array(await response.arrayBuffer())
  let bytes = new Uint8Array(length)
  for (let at = 0; at < length; ) {
    // The array's memory goes with each read, and comes back with what was read.
    const { value } = await reader.read(bytes.subarray(at))
    if (!value || value.length === 0) return new Uint8Array()
    at = value.byteOffset + value.length
    bytes = new Uint8Array(value.buffer)
  }
  return bytes
}

/** More than any key of a circuit that is proved in a page; what an entry says of itself is not trusted. */
const MOST_BYTES = 1 << 28

/** Undefined where response bodies are no byte streams. */
function byteReader({ body }: Response): ReadableStreamBYOBReader | undefined {
  try {
    return body?.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}

const PIECE_BYTES = 1 << 18

/** A body made of the bytes as a whole would hold a copy of them until it is collected: of a key, that is megabytes. */
function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      const piece = bytes.subarray(at, at + PIECE_BYTES)
      at += piece.length
      if (piece.length === 0) controller.close()
      else controller.enqueue(piece)
    },
  })
}

/** Cache Storage files by address; this one is never fetched. */
function address(hash: string): string {
  return `/artefacts/${hash}`
}
