/** `fail`: it does not work, or is not safe, as it is. `warn`: it works, and somebody should know. */
export type Result = 'ok' | 'warn' | 'fail'

export type Finding = {
  readonly result: Result
  /** What is the case. Never a secret. */
  readonly found: string
  /** What to do; empty where nothing is to be done. */
  readonly advice: string
}

export type NamedFinding = Finding & { readonly name: string }

export function ok(found: string): Finding {
  return { result: 'ok', found, advice: '' }
}

export function warn(found: string, advice: string): Finding {
  return { result: 'warn', found, advice }
}

export function fail(found: string, advice: string): Finding {
  return { result: 'fail', found, advice }
}

/** For a check that needs what the configuration does not give. */
export function notLookedAt(): Finding {
  return warn('not looked at', 'put the configuration right first')
}

/** An error in one line, with its code. A cause is said too: "fetch failed" alone helps nobody. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const [line = ''] = error.message.split('\n')
  const own = code === undefined || line.includes(code) ? line : `${line} (${code})`.trim()
  return error.cause instanceof Error ? `${own}: ${wordsOf(error.cause)}` : own
}
