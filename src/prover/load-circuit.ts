import { release } from '../engine/release.ts'
import type { KeySetManifest } from '../protocol/key-set.ts'
import type { CircuitId } from '../protocol/signals.ts'
import { downloadBytes, type KeySetFiles, listedCircuit, loadArtefact } from './artefacts.ts'
import type { Groth16Prover, ProofEngine } from './proof-engine.ts'
import type { ProveOptions } from './prove.ts'
import { ProverError } from './prover-error.ts'
import { loadWitnessProgram, type WitnessProgram } from './witness.ts'

/** What a circuit's proofs need. */
export type LoadedCircuit = { key: Groth16Prover; program: WitnessProgram }

export type CircuitLoader = (
  manifest: KeySetManifest,
  circuit: CircuitId,
  options: ProveOptions,
) => Promise<LoadedCircuit>

/**
 * Loads circuits, and keeps what it has loaded by the hash of its file. Key and witness program come at the same time,
 * each made ready as soon as it is here; when one fails the other's download is stopped.
 *
 * Throws {@link ProverError} `proof_failed` when the two do not belong together, and what their loading throws.
 */
export function createCircuitLoader(files: KeySetFiles, engine: ProofEngine): CircuitLoader {
  const keys = new Map<string, Groth16Prover>()
  const programs = new Map<string, WitnessProgram>()

  return async (manifest, circuit, options) => {
    const { zkey, wasm } = listedCircuit(manifest, circuit)
    const fetching = startFetching(files, manifest, {
      ...options,
      circuit,
      kinds: [...(keys.has(zkey) ? [] : (['zkey'] as const)), ...(programs.has(wasm) ? [] : (['wasm'] as const))],
    })
    const parts = [
      kept(keys, zkey, async () => madeFrom(await fetching.part('zkey'), engine.load)),
      kept(programs, wasm, async () => madeFrom(await fetching.part('wasm'), loadWitnessProgram)),
    ] as const
    const both = Promise.all(parts)
    both.catch(fetching.stop)
    // Nothing of a job that failed goes on beside the next one.
    await Promise.allSettled(parts)
    const [key, program] = await both
    if (key.wires !== program.wires) {
      throw new ProverError('proof_failed', `a key of ${key.wires} wires for a witness of ${program.wires}`)
    }
    return { key, program }
  }
}

async function kept<Part>(parts: Map<string, Part>, hash: string, make: () => Promise<Part>): Promise<Part> {
  const part = parts.get(hash) ?? (await make())
  parts.set(hash, part)
  return part
}

async function madeFrom<Part>(
  bytes: Uint8Array<ArrayBuffer>,
  make: (bytes: Uint8Array<ArrayBuffer>) => Promise<Part>,
): Promise<Part> {
  try {
    return await make(bytes)
  } finally {
    release(bytes)
  }
}

type Kind = 'zkey' | 'wasm'

type FetchOptions = ProveOptions & { circuit: CircuitId; kinds: readonly Kind[] }

/** The files of some kinds, with the progress of them all told together. */
function startFetching(files: KeySetFiles, manifest: KeySetManifest, options: FetchOptions) {
  const { circuit, kinds, onProgress, signal: callers } = options
  const entry = listedCircuit(manifest, circuit)
  const sizes = { zkey: downloadBytes(files, entry, 'zkey'), wasm: downloadBytes(files, entry, 'wasm') }
  const total = sizes.zkey + sizes.wasm
  const missing = new Set(kinds)
  // What the cache or the memory held counts as well: the bar shows how much of the whole is here.
  const here = { zkey: missing.has('zkey') ? 0 : sizes.zkey, wasm: missing.has('wasm') ? 0 : sizes.wasm }
  const failed = new AbortController()
  const signal = callers ? AbortSignal.any([callers, failed.signal]) : failed.signal
  const arrived = (kind: Kind): void => {
    here[kind] = sizes[kind]
    if (missing.delete(kind) && missing.size === 0) onProgress?.({ phase: 'load' })
  }
  return {
    stop: () => failed.abort(),
    part: async (kind: Kind): Promise<Uint8Array<ArrayBuffer>> => {
      const onBytes = (count: number): void => {
        here[kind] += count
        onProgress?.({ phase: 'download', loaded: here.zkey + here.wasm, total })
      }
      const onUnpack = (loaded: number, ofBytes: number): void => {
        arrived(kind)
        if (missing.size === 0) onProgress?.({ phase: 'load', loaded, total: ofBytes })
      }
      const bytes = await loadArtefact(files, manifest, { circuit, kind, signal, onBytes, onUnpack })
      arrived(kind)
      return bytes
    },
  }
}
