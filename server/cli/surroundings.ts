import type { Readable } from 'node:stream'

/** What a command has of the process that it runs in. */
export type Surroundings = {
  /** To standard output, without a line's end. */
  readonly write: (text: string) => void
  /** To standard error, without a line's end. */
  readonly complain: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable & { readonly isTTY?: boolean }
}
