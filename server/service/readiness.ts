import { setTimeout } from 'node:timers/promises'
import type { Verifier } from '../../sdk/server.ts'

/** How a part is: a word, and nothing of addresses or names. */
export type PartState = 'ok' | 'failed' | 'draining'

export type Readiness = {
  readonly ready: boolean
  readonly parts: Readonly<Record<'process' | 'database' | 'keySets' | 'issuers' | 'verification', PartState>>
}

const PATIENCE_MS = 2_000

/**
 * Whether the service should be sent requests. Issuers that are out of reach are told and do not count: whoever only
 * signs in needs none, and another process would reach them no better.
 */
export async function readReadiness(verifier: Verifier, isDraining: () => boolean): Promise<Readiness> {
  const health = verifier.health()
  const late = setTimeout(PATIENCE_MS, undefined, { ref: false })
  const state = await Promise.race([health, late])
  const parts = {
    process: isDraining() ? 'draining' : 'ok',
    database: state?.store ? 'ok' : 'failed',
    keySets: state?.keySet ? 'ok' : 'failed',
    issuers: state?.issuers.every(({ reachable }) => reachable) ? 'ok' : 'failed',
    verification: state?.verification.free ? 'ok' : 'failed',
  } as const
  const needed = [parts.process, parts.database, parts.keySets, parts.verification]
  return { ready: needed.every((part) => part === 'ok'), parts }
}
