/** The stable code of the error that `act` throws; undefined when it throws none. */
export function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return readCode(error)
  }
}

/** The same for a promise. */
export async function codeOfAsync(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(() => undefined, readCode)
}

function readCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}
