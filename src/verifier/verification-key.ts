import { z } from 'zod'
import { EngineError } from '../engine/engine-error.ts'
import { littleEndian } from '../engine/little-endian.ts'
import { createEngine, type Engine } from '../engine/load.ts'
import type { KeyPoints } from '../engine/pairing.ts'
import { G2_GENERATOR, Q } from '../engine/parameters.ts'
import { type CircuitId, PUBLIC_SIGNALS } from '../protocol/signals.ts'
import { preparePairingKey, type VerificationKey } from './pairing-key.ts'
import { VerifierError } from './verifier-error.ts'

/**
 * Reads a Groth16 verification key in the JSON shape of snarkjs. Coordinates are canonical decimal strings below q,
 * every point is affine, on its curve, in its subgroup and not infinity, and the number of signals is the circuit's.
 * `engine`: where the key is put, for good; by default into a new one, which goes when the key goes.
 *
 * Rejects with {@link VerifierError} `key_invalid`, or `key_unsafe` where the key is well formed and yet anyone could
 * forge: two of β, γ, δ (or one of β, δ and the generator of G2) equal up to sign, so that one part of the equation can
 * pay for another (γ = δ is what a key has on which the second phase of the set-up was never run); or two signals with
 * the same point, so that one could be traded for the other.
 */
export async function loadVerificationKey(
  json: unknown,
  { circuit, engine }: { circuit: CircuitId; engine?: Engine },
): Promise<VerificationKey> {
  const parsed = parseKey(json, circuit)
  const key = prepareKey(engine ?? (await createEngine()), circuit, parsed)
  refuseUnsafe(circuit, parsed)
  return key
}

function parseKey(json: unknown, circuit: CircuitId): ParsedKey {
  const parsed = keyShape.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(circuit, `${issue?.path.join('.') || 'value'}: ${issue?.code ?? 'invalid'}`)
  }
  const { nPublic, IC } = parsed.data
  const expectedSignals = PUBLIC_SIGNALS[circuit].length
  if (nPublic !== expectedSignals || IC.length !== expectedSignals + 1) {
    throw invalid(circuit, `expected ${expectedSignals} public signals and one point more`)
  }
  return parsed.data
}

/** With its points in their groups; whether it is safe is another question. */
function prepareKey(engine: Engine, circuit: CircuitId, parsed: ParsedKey): VerificationKey {
  const points: KeyPoints = {
    alpha: littleEndian(parsed.vk_alpha_1),
    beta: littleEndian(parsed.vk_beta_2),
    gamma: littleEndian(parsed.vk_gamma_2),
    delta: littleEndian(parsed.vk_delta_2),
    inputs: parsed.IC.map(littleEndian),
  }
  try {
    return preparePairingKey(engine, circuit, points)
  } catch (cause) {
    if (cause instanceof EngineError) throw invalid(circuit, cause.message, { cause })
    throw cause
  }
}

/** Points of a curve have one x-coordinate if they are equal up to sign, and only then. */
function refuseUnsafe(circuit: CircuitId, { vk_beta_2, vk_gamma_2, vk_delta_2, IC }: ParsedKey): void {
  const generator = [G2_GENERATOR.x.c0, G2_GENERATOR.x.c1]
  const [beta, gamma, delta] = [vk_beta_2, vk_gamma_2, vk_delta_2].map((point) => point.slice(0, 2))
  const pairs = [
    ['gamma', gamma, 'delta', delta],
    ['beta', beta, 'gamma', gamma],
    ['beta', beta, 'delta', delta],
    ['beta', beta, 'the generator', generator],
    ['delta', delta, 'the generator', generator],
  ] as const
  for (const [nameA, a, nameB, b] of pairs) {
    if (String(a) === String(b)) throw unsafe(circuit, `${nameA} is ${nameB} up to sign`)
  }
  const xCoordinates = new Set(IC.map(([x]) => x))
  if (xCoordinates.size !== IC.length) throw unsafe(circuit, 'two signals have the same point up to sign')
}

const coordinateShape = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,76})$/)
  .transform(BigInt)
  .refine((coordinate) => coordinate < Q)

const one = coordinateShape.refine((coordinate) => coordinate === 1n)
const zero = coordinateShape.refine((coordinate) => coordinate === 0n)

// snarkjs writes projective coordinates; z = 1 is the only affine one, and its only spelling.
const g1Shape = z.tuple([coordinateShape, coordinateShape, one]).transform(([x, y]) => [x, y])
const fp2Shape = z.tuple([coordinateShape, coordinateShape])
/** c0 and c1 of x, c0 and c1 of y. */
const g2Shape = z.tuple([fp2Shape, fp2Shape, z.tuple([one, zero])]).transform(([x, y]) => [...x, ...y])

const keyShape = z.strictObject({
  protocol: z.literal('groth16'),
  curve: z.literal('bn128'),
  nPublic: z.int().min(1).max(64),
  vk_alpha_1: g1Shape,
  vk_beta_2: g2Shape,
  vk_gamma_2: g2Shape,
  vk_delta_2: g2Shape,
  // e(α, β) as snarkjs writes it beside α and β. Not read: it is computed here, so it cannot disagree.
  vk_alphabeta_12: z.unknown().optional(),
  IC: z.array(g1Shape).min(2).max(65),
})

type ParsedKey = z.infer<typeof keyShape>

function invalid(circuit: CircuitId, reason: string, options?: ErrorOptions): VerifierError {
  return new VerifierError('key_invalid', `the verification key of ${circuit} is not usable: ${reason}`, options)
}

function unsafe(circuit: CircuitId, reason: string): VerifierError {
  return new VerifierError('key_unsafe', `proofs under the verification key of ${circuit} can be forged: ${reason}`)
}
