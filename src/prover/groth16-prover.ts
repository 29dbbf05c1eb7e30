import { EngineError } from '../engine/engine-error.ts'
import { createEngine, type Engine } from '../engine/load.ts'
import { QuotientProgram } from '../engine/quotient.ts'
import { wipe } from '../engine/release.ts'
import type { Proof } from '../protocol/proof.ts'
import { ProvingKeyError } from '../proving-key/proving-key-error.ts'
import { readZkey } from '../proving-key/read-zkey.ts'
import type { ZkeySections } from '../proving-key/zkey-format.ts'
import { assemble, type BlindingPoints, type ShardSums } from './assemble.ts'
import { drawScalar, isBelowOrder } from './blinding.ts'
import { type Division, divide } from './division.ts'
import type { HelperLink } from './helper-link.ts'
import { shardImage, wireScalars } from './key-image.ts'
import type { EngineProof, Groth16Prover, ProofEngine } from './proof-engine.ts'
import { ProverError } from './prover-error.ts'
import { Shard, type ShardStep } from './shard.ts'

export type Groth16ProverOptions = {
  /** A `.zkey` over BN254 whose hash has been checked: one made by somebody else reads the witness out of the proof. */
  zkey: Uint8Array
  /** Workers that take their parts; without them, this thread does everything. */
  helpers?: readonly HelperLink[]
  /** Called after each step of a proof, for whoever measures: the lead is worker 0. Never with a value. */
  onStep?: ((worker: number, step: ProofStep, milliseconds: number) => void) | undefined
}

/** `wait`: the lead has done its part and waits for the helpers'. */
export type ProofStep = ShardStep | 'quotient' | 'wait' | 'assemble'

/** {@link ProofEngine} on the engine of src/engine, with the help of other workers. */
export function createProofEngine(helpers: readonly HelperLink[] = []): ProofEngine {
  return {
    prepare: async () => void (await createEngine()),
    load: (zkey) => createGroth16Prover({ zkey, helpers }),
  }
}

/** Divides a key over this thread and its helpers. Throws {@link ProverError} `proving_key_invalid`. */
export async function createGroth16Prover(options: Groth16ProverOptions): Promise<Groth16Prover> {
  const { zkey, helpers = [], onStep } = options
  const key = readable(() => readZkey(zkey))
  const divisions = divide(key, 1 + helpers.length)
  const loadLead = async (division: Division): Promise<Lead> => {
    const engine = await createEngine()
    const quotient = readable(() => QuotientProgram.create(engine, { ...key, entries: key.coefficients }))
    const report = (step: ShardStep, milliseconds: number): void => onStep?.(0, step, milliseconds)
    const shard = readable(() => new Shard(engine, shardImage(key, division), report))
    return { engine, shard, quotient, division }
  }
  const loadHelper = async (link: HelperLink, division: Division): Promise<Helper> => {
    return { link, division, key: await link.load(shardImage(key, division)) }
  }
  const [ofLead = NOTHING, ...ofHelpers] = divisions
  // The helpers' parts are on their way before the lead begins with its own.
  const helpersLoading = helpers.map((link, index) => loadHelper(link, ofHelpers[index] ?? NOTHING))
  const [lead, ...crew] = await Promise.all([loadLead(ofLead), ...helpersLoading])
  return new DividedProver(key, { lead, helpers: crew, onStep })
}

const NOTHING: Division = { wires: new Uint32Array(), quotient: { from: 0, to: 0 } }

type Lead = { engine: Engine; shard: Shard; quotient: QuotientProgram; division: Division }

type Helper = { link: HelperLink; key: number; division: Division }

type Parts = { lead: Lead; helpers: readonly Helper[]; onStep: Groth16ProverOptions['onStep'] }

class DividedProver implements Groth16Prover {
  readonly wires: number
  readonly #publicCount: number
  readonly #points: BlindingPoints
  readonly #parts: Parts

  constructor(key: ZkeySections, parts: Parts) {
    this.wires = key.wires
    this.#publicCount = key.publicCount
    // Copies, or these few views would keep the whole key.
    this.#points = {
      alpha1: key.alpha1.slice(),
      beta1: key.beta1.slice(),
      beta2: key.beta2.slice(),
      delta1: key.delta1.slice(),
      delta2: key.delta2.slice(),
    }
    this.#parts = parts
  }

  async prove(witness: Uint8Array): Promise<EngineProof> {
    checkWitness(witness, this.wires)
    const { helpers, onStep } = this.#parts
    const wireSums = helpers.map(({ link, key, division }) => link.wireSums(key, wireScalars(witness, division.wires)))
    const quotientSums: ReturnType<HelperLink['quotientSum']>[] = []
    const own = this.#ownSums(witness, (quotient) => {
      for (const { link, key, division } of helpers) {
        quotientSums.push(link.quotientSum(key, quotient.slice(division.quotient.from * 32, division.quotient.to * 32)))
      }
    })
    const waiting = performance.now()
    const [sums, wires, quotients] = await Promise.all([own, Promise.all(wireSums), Promise.all(quotientSums)])
    onStep?.(0, 'wait', performance.now() - waiting)
    for (const [index, { steps }] of [...wires.entries(), ...quotients.entries()]) {
      for (const [step, milliseconds] of steps) onStep?.(1 + index, step, milliseconds)
    }
    const others = wires.map(({ sums }, index) => ({ ...sums, c: quotients[index]?.sum ?? INFINITY }))
    const proof = timed(
      () => this.#assemble([sums, ...others]),
      (milliseconds) => onStep?.(0, 'assemble', milliseconds),
    )
    return { proof, publicSignals: publicSignals(witness, this.#publicCount) }
  }

  /** Async for its errors only: what it does is done when it returns. */
  async #ownSums(witness: Uint8Array, onQuotient: (quotient: Uint8Array) => void): Promise<ShardSums> {
    const { lead, onStep } = this.#parts
    const { from, to } = lead.division.quotient
    const quotient = timed(
      () => lead.quotient.evaluate(witness),
      (milliseconds) => onStep?.(0, 'quotient', milliseconds),
    )
    const values = wireScalars(witness, lead.division.wires)
    try {
      onQuotient(quotient)
      return { ...lead.shard.wireSums(values), c: lead.shard.quotientSum(quotient.subarray(from * 32, to * 32)) }
    } finally {
      wipe(values, quotient)
      lead.quotient.clear()
      lead.shard.clear()
    }
  }

  #assemble(sums: readonly ShardSums[]): Proof {
    const [r, s] = [drawScalar(), drawScalar()]
    try {
      return assemble(this.#parts.lead.engine, this.#points, sums, { r, s })
    } finally {
      r.fill(0)
      s.fill(0)
    }
  }
}

/** What a helper would answer of no points. */
const INFINITY = new Uint8Array(64)

function readable<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof ProvingKeyError || cause instanceof EngineError)) throw cause
    throw new ProverError('proving_key_invalid', `the proving key cannot be used: ${cause.code}`, { cause })
  }
}

function checkWitness(witness: Uint8Array, wires: number): void {
  const fail = (what: string): never => {
    throw new ProverError('proof_failed', `no witness of this key: ${what}`)
  }
  if (witness.length !== 32 * wires) fail(`${witness.length} bytes, not ${32 * wires}`)
  for (let wire = 0; wire < wires; wire++) if (!isBelowOrder(witness, 32 * wire)) fail('a wire is not below r')
  if (element(witness, 0) !== 1n) fail('its first wire is not one')
}

function publicSignals(witness: Uint8Array, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => element(witness, 1 + index))
}

function element(witness: Uint8Array, wire: number): bigint {
  let value = 0n
  for (let byte = 31; byte >= 0; byte--) value = (value << 8n) | BigInt(witness[32 * wire + byte] ?? 0)
  return value
}

function timed<Result>(body: () => Result, report: (milliseconds: number) => void): Result {
  const begin = performance.now()
  const result = body()
  report(performance.now() - begin)
  return result
}
