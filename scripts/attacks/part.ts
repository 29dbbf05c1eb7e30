import type { Bar } from '../bar.ts'

/** What every part of `npm run attacks` is given. */
export type AttackContext = {
  /** All that is random in a part follows from this where it can; what cannot (fresh secrets, timing) says so. */
  readonly seed: number
  /** How large its counts are: for trying out, as every change has to pass, or for an hour. */
  readonly form: 'quick' | 'short' | 'long'
  /** A line on stderr, for whoever waits. */
  readonly progress: (line: string) => void
}

export type AttackReport = {
  readonly bars: readonly Bar[]
  /** What was done, in counts: printed under the part's name, kept in the `--json` report. */
  readonly lines: readonly string[]
}

/** One kind of attack on a running server. It ends what it has started, also where it throws. */
export type AttackPart = (context: AttackContext) => Promise<AttackReport>
