const MAX_TOLD = 1_024

/**
 * Passes an error on the first time that its message comes. For what is found anew with every session and stays true: as
 * many messages as the site's own requests have items and issuers; of requests written out, no more than {@link MAX_TOLD}
 * are remembered.
 */
export function createTellOnce(onError: (error: unknown) => void): (error: Error) => void {
  const told = new Set<string>()
  return (error) => {
    if (told.has(error.message)) return
    if (told.size >= MAX_TOLD) told.clear()
    told.add(error.message)
    onError(error)
  }
}
