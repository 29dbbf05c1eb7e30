import { wipe } from '../engine/release.ts'
import type { KeySetManifest } from '../protocol/key-set.ts'
import { encodeProof } from '../protocol/proof.ts'
import type { CircuitId } from '../protocol/signals.ts'
import { type KeySetFiles, loadArtefact, loadManifest } from './artefacts.ts'
import { createCircuitLoader } from './load-circuit.ts'
import type { ProofEngine } from './proof-engine.ts'
import type { WitnessInputs } from './witness.ts'

/** In this order; `download` only when something has to come over the network, `load` only the first time. */
export type ProvePhase = 'download' | 'load' | 'witness' | 'prove'

/** `loaded` and `total` are bytes: of the phase `download`, and of `load` while a key that came packed is unpacked. */
export type ProveProgress = { phase: ProvePhase; loaded?: number; total?: number }

export type ProveOptions = {
  /** Stops the work; the promise is rejected with a DOMException named AbortError. */
  signal?: AbortSignal | undefined
  onProgress?: ((progress: ProveProgress) => void) | undefined
}

export type ProveResult = {
  /** 128 bytes, see src/protocol/proof.ts. */
  proof: Uint8Array<ArrayBuffer>
  /** In the order of `PUBLIC_SIGNALS`. */
  publicSignals: bigint[]
}

/** Proves statements under one pinned key set. */
export interface Prover {
  /**
   * A proof that the inputs satisfy the circuit's statement. Rejects with {@link ProverError}, or AbortError. The
   * caller still verifies the proof before it sends it.
   */
  prove(circuit: CircuitId, inputs: WitnessInputs, options?: ProveOptions): Promise<ProveResult>
  /**
   * Fetches and loads what a proof of this circuit needs, so that the next one begins with its witness: worth a call
   * while a person reads what they are about to agree to. A cold worker costs a first proof about a second.
   */
  prepare(circuit: CircuitId, options?: ProveOptions): Promise<void>
  /** The circuit's verification key as parsed JSON. Its hash has been checked, its content has not. */
  verificationKey(circuit: CircuitId, options?: Pick<ProveOptions, 'signal'>): Promise<unknown>
}

/**
 * A prover in the calling thread, which it blocks for as long as a proof takes: for workers. A signal stops a download
 * at once, but is otherwise looked at between phases; the prover of worker-prover.ts stops at any time.
 *
 * What it has loaded stays for as long as it lives, each file by its hash.
 */
export function createProver(files: KeySetFiles, engine: ProofEngine): Prover {
  let manifest: KeySetManifest | undefined
  const manifestOnce = async (signal: AbortSignal | undefined): Promise<KeySetManifest> => {
    manifest ??= await loadManifest(files, { signal })
    return manifest
  }
  const loadCircuit = createCircuitLoader(files, engine)

  return {
    prove: (circuit, inputs, { signal, onProgress } = {}) =>
      stoppable(signal, async (stopIfAsked) => {
        const { key, program } = await loadCircuit(await manifestOnce(signal), circuit, { signal, onProgress })
        stopIfAsked()
        onProgress?.({ phase: 'witness' })
        const witness = await program.calculate(inputs)
        try {
          stopIfAsked()
          onProgress?.({ phase: 'prove' })
          const { proof, publicSignals } = await key.prove(witness)
          stopIfAsked()
          return { proof: encodeProof(proof), publicSignals }
        } finally {
          wipe(witness)
        }
      }),
    prepare: (circuit, { signal, onProgress } = {}) =>
      stoppable(signal, async () => {
        await loadCircuit(await manifestOnce(signal), circuit, { signal, onProgress })
      }),
    verificationKey: (circuit, { signal } = {}) =>
      stoppable(signal, async () => {
        const bytes = await loadArtefact(files, await manifestOnce(signal), {
          circuit,
          kind: 'verificationKey',
          signal,
        })
        return JSON.parse(new TextDecoder().decode(bytes))
      }),
  }
}

/** The one form in which stopped work is reported, whatever reason its signal carries. */
export function abortError(): DOMException {
  return new DOMException('the proof was stopped', 'AbortError')
}

async function stoppable<Result>(
  signal: AbortSignal | undefined,
  body: (stopIfAsked: () => void) => Promise<Result>,
): Promise<Result> {
  const stopIfAsked = (): void => {
    if (signal?.aborted) throw abortError()
  }
  stopIfAsked()
  try {
    return await body(stopIfAsked)
  } catch (error) {
    stopIfAsked()
    throw error
  }
}
