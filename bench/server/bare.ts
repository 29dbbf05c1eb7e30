/**
 * Verifies proofs and does nothing else, in a process of its own: one at a time in its one thread, or by a pool of one
 * thread, which verifies them together.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FieldElement } from '../../src/protocol/field.ts'
import { artefactFile, MANIFEST_FILE, parseKeySetManifest } from '../../src/protocol/key-set.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { type KeySetSource, loadKeySet } from '../../src/verifier/key-set.ts'
import { createVerifierPool } from '../../src/verifier/node/index.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'

export type BareOrder = { readonly how: 'alone' | 'together'; readonly proofs: readonly BareProof[] }

export type BareProof = {
  readonly circuit: CircuitId
  readonly signals: readonly FieldElement[]
  readonly proof: Uint8Array<ArrayBuffer>
}

export type BareReport = { readonly ready: true } | { readonly seconds: number }

const folder = process.argv[2] ?? ''
const source: KeySetSource = {
  manifest: parseKeySetManifest(JSON.parse(readFileSync(join(folder, MANIFEST_FILE), 'utf8'))),
  readVerificationKey: async (circuit) => readFileSync(join(folder, artefactFile(circuit, 'verificationKey'))),
  allowDevelopment: true,
}
const keySet = await loadKeySet(source)
const pool = await createVerifierPool({ keySets: [source], workers: 1, queueLimit: 4096, deadlineMilliseconds: 60_000 })

process.on('disconnect', () => process.exit())
process.on('message', async ({ how, proofs }: BareOrder) => {
  const began = performance.now()
  const statuses =
    how === 'alone'
      ? proofs.map(({ circuit, signals, proof }) => verifyProof(keySet.keys[circuit], signals, proof))
      : await Promise.all(proofs.map((each) => pool.verify({ ...each, keySet: keySet.hash })))
  const seconds = (performance.now() - began) / 1000
  if (!statuses.every((status) => status === 'VALID')) throw new Error('a proof was not found valid')
  report({ seconds })
})
report({ ready: true })

function report(message: BareReport): void {
  process.send?.(message)
}
