/// <reference types="vite/client" />
import type { CircuitId } from '../../src/protocol/signals.ts'
import { createBrowserProver } from '../../src/prover/browser.ts'
import type { ProvePhase, ProveProgress } from '../../src/prover/prove.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import workerUrl from '../../src/prover/worker.ts?worker&url'

/** What a proof came to, with the milliseconds after its start at which each phase began. */
export type PageProof = {
  proof: number[]
  publicSignals: string[]
  starts: Partial<Record<ProvePhase, number>>
  progress: ProveProgress[]
  milliseconds: number
}

/** How an attempt that gave no proof ended. */
export type PageFailure = { name: string; code: string | undefined; afterAbort: number | undefined }

export type ProverPage = {
  /** `abortIn`: stop as soon as this phase begins. Values of inputs are decimal strings. */
  prove(circuit: string, inputs: JsonInputs, abortIn?: ProvePhase): Promise<PageProof | PageFailure>
  /** Ends the worker, so that the next proof is the first of a new one. */
  endWorker(): void
}

export type JsonInputs = Record<string, string | string[]>

declare global {
  var proverPage: ProverPage
}

type PolicyFactory = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

const { searchParams } = new URL(location.href)
// Chromium, where this page runs, has Trusted Types; TypeScript's DOM types do not yet.
const { trustedTypes } = globalThis as unknown as { trustedTypes: PolicyFactory }
const policy = trustedTypes.createPolicy('prover', { createScriptURL: (url) => url })

const prover = createBrowserProver({
  createWorker: () => new Worker(policy.createScriptURL(workerUrl), { type: 'module' }),
  location: { base: '/keys', keySetHash: searchParams.get('keySet') ?? '' },
  ...(searchParams.has('workers') && { workers: Number(searchParams.get('workers')) }),
})

globalThis.proverPage = {
  endWorker: () => prover.close(),
  prove: async (circuit, inputs, abortIn) => {
    const controller = new AbortController()
    const starts: Partial<Record<ProvePhase, number>> = {}
    const progress: ProveProgress[] = []
    const begin = performance.now()
    let abortedAt: number | undefined
    try {
      // A key set of the benches has circuits that the product does not know by name.
      const { proof, publicSignals } = await prover.prove(circuit as CircuitId, readInputs(inputs), {
        signal: controller.signal,
        onProgress: (step) => {
          progress.push(step)
          starts[step.phase] ??= performance.now() - begin
          if (step.phase !== abortIn) return
          abortedAt ??= performance.now()
          controller.abort()
        },
      })
      const milliseconds = performance.now() - begin
      return { proof: [...proof], publicSignals: publicSignals.map(String), starts, progress, milliseconds }
    } catch (error) {
      const { name, code } = error as { name: string; code?: unknown }
      // A DOMException has a number here.
      const stable = typeof code === 'string' ? code : undefined
      return { name, code: stable, afterAbort: abortedAt === undefined ? undefined : performance.now() - abortedAt }
    }
  },
}

function readInputs(inputs: JsonInputs): WitnessInputs {
  const entries = Object.entries(inputs).map(([name, value]) => [
    name,
    typeof value === 'string' ? BigInt(value) : value.map(BigInt),
  ])
  return Object.fromEntries(entries)
}
