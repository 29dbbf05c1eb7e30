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
      return response && new Uint8Array(await response.arrayBuffer())
    },
    write: async (hash, bytes) => {
      await (await open()).put(address(hash), new Response(inPieces(bytes)))
    },
    delete: async (hash) => {
      await (await open()).delete(address(hash))
    },
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
