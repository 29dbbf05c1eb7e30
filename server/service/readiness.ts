import type { Health, PartHealth, Verifier } from '../../sdk/server.ts'

/** How a part is: a word, and nothing of addresses or names. `full`: the queue takes no more for the moment. */
export type PartState = PartHealth | 'full' | 'draining'

export type Readiness = {
  readonly ready: boolean
  readonly parts: Readonly<Record<'process' | 'database' | 'issuers' | 'verification', PartState>>
}

/**
 * Whether the service should be sent requests. Issuers that are out of reach are told and do not count: whoever only
 * signs in needs none, and another process would reach them no better.
 */
export async function readReadiness(verifier: Pick<Verifier, 'health'>, isDraining: () => boolean): Promise<Readiness> {
  const { store, issuers, verification } = await verifier.health()
  const parts = {
    process: isDraining() ? 'draining' : 'ok',
    database: store,
    issuers: worstOf(issuers),
    verification: verification.free ? 'ok' : 'full',
  } as const
  const needed = [parts.process, parts.database, parts.verification]
  return { ready: needed.every((part) => part === 'ok'), parts }
}

function worstOf(issuers: Health['issuers']): PartHealth {
  const states = issuers.map(({ state }) => state)
  return (['failed', 'late'] as const).find((state) => states.includes(state)) ?? 'ok'
}
