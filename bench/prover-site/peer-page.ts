/// <reference types="vite/client" />
import type { ProofJson } from 'snarkjs'
import type { JsonInputs } from './page.ts'
import workerUrl from './peer-worker.ts?worker&url'

export type PeerRequest = { base: string; circuit: string; inputs: JsonInputs; singleThread: boolean }

/** `milliseconds` as the page sees it; the first time also the worker's start and reading the files. */
export type PeerProof = {
  proof: ProofJson
  publicSignals: string[]
  milliseconds: number
  witnessMs: number
  proveMs: number
}

/** What the worker answers; it leaves `milliseconds` to the page. */
export type PeerAnswer = PeerProof | { failure: string }

export type PeerPage = {
  /** Puts a circuit's files into Cache Storage. */
  fill(base: string, circuit: string): Promise<void>
  prove(request: PeerRequest): Promise<PeerAnswer>
}

declare global {
  var peerPage: PeerPage
}

let worker: Worker | undefined

globalThis.peerPage = {
  fill: async (base, circuit) => {
    const cache = await caches.open('peer')
    await cache.addAll([`${base}/${circuit}.zkey`, `${base}/${circuit}.wasm`])
  },
  prove: (request) =>
    new Promise((resolve, reject) => {
      const begin = performance.now()
      worker ??= new Worker(workerUrl, { type: 'module' })
      worker.onmessage = ({ data }: MessageEvent<PeerAnswer>) => {
        resolve('failure' in data ? data : { ...data, milliseconds: performance.now() - begin })
      }
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(request)
    }),
}
