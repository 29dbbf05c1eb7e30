/** The code of an error that has one: ours are snake_case, the operating system's in capitals. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
