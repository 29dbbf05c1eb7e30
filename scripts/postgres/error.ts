/** The server or its set-up failed; the message ends with what the program said. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError'
  readonly code = 'postgres_failed'
}
