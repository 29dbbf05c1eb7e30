import { type BatchItem, readProofs, verifyBatch, verifyOne } from '../engine/pairing.ts'
import type { FieldElement } from '../protocol/field.ts'
import { findHolding } from './bisect.ts'
import type { VerificationKey } from './pairing-key.ts'
import { signalBytes } from './signal-bytes.ts'
import type { ProofStatus } from './verify-proof.ts'
import { drawWeights } from './weights.ts'

/** A proof, the signals that it must prove, and the key for them. */
export type ProofUnderKey = {
  readonly key: VerificationKey
  readonly signals: readonly FieldElement[]
  readonly proof: Uint8Array
}

/**
 * The status of each proof, in their order and as {@link verifyProof} gives it, by one product of pairings for all that
 * share an engine, as the keys of a key set do: a random linear combination of their equations (weights.ts). Where it
 * fails the bad ones are looked for (bisect.ts), and a proof is only ever refused by its own equation.
 *
 * An engine's memory grows by some 15 KB for each proof of the largest call and does not shrink: 64 at once are plenty.
 * More than {@link MOST_TOGETHER} are verified in pieces of so many, each by a product of its own. `randomBytes` must
 * be the platform's cryptographic source; it is asked once a piece, after its proofs are read. Throws {@link
 * VerifierError} `randomness_invalid`.
 */
export function verifyProofs(
  items: readonly ProofUnderKey[],
  { randomBytes }: { randomBytes: (length: number) => Uint8Array },
): ProofStatus[] {
  const statuses: ProofStatus[] = []
  for (let done = 0; done < items.length; done += MOST_TOGETHER) {
    statuses.push(...verifyTogether(items.slice(done, done + MOST_TOGETHER), randomBytes))
  }
  return statuses
}

/** Proofs of one product at most. */
const MOST_TOGETHER = 1024

function verifyTogether(items: readonly ProofUnderKey[], randomBytes: (length: number) => Uint8Array): ProofStatus[] {
  const statuses: ProofStatus[] = items.map(() => 'PROOF_INVALID')
  const sound: SoundItem[] = []
  for (const { index, item, proof } of readAll(items)) {
    const { key, signals } = item
    const bytes = signalBytes(key, signals)
    if (proof && bytes) sound.push({ index, key: key.pairing, signals: bytes, proof })
    else statuses[index] = proof ? 'SIGNALS_INVALID' : 'PROOF_MALFORMED'
  }
  const weights = sound.length > 1 ? drawWeights(sound.length, randomBytes) : []
  const weighted = sound.map((each, index) => ({ ...each, weight: weights[index] ?? new Uint8Array() }))
  for (const group of Map.groupBy(weighted, ({ key }) => key.engine).values()) {
    const holding = findHolding(group, { together: allHold, alone: holds })
    for (const [place, { index }] of group.entries()) if (holding[place]) statuses[index] = 'VALID'
  }
  return statuses
}

/** A proof that is one, with signals that are such; `index` is its place among those given. */
type SoundItem = BatchItem & { readonly index: number }
type WeightedItem = SoundItem & { readonly weight: Uint8Array }

/** Each proof's points, those of one engine read together; in no order. */
function readAll(items: readonly ProofUnderKey[]) {
  const indexed = items.map((item, index) => ({ item, index }))
  return [...Map.groupBy(indexed, ({ item }) => item.key.pairing.engine)].flatMap(([engine, group]) => {
    const proofs = readProofs(
      engine,
      group.map(({ item }) => item.proof),
    )
    return group.map((each, place) => ({ ...each, proof: proofs[place] }))
  })
}

/** All of one engine. */
function allHold(group: readonly WeightedItem[]): boolean {
  const [first] = group
  if (!first) return true
  const weights = group.flatMap(({ weight }) => [...weight])
  return verifyBatch(first.key.engine, group, Uint8Array.from(weights))
}

function holds({ key, signals, proof }: SoundItem): boolean {
  return verifyOne(key.engine, key, signals, proof)
}
