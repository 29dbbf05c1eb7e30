import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PROJECT_ROOT } from '../../../scripts/circuits/compile.ts'
import { ensureKeySet } from '../../../scripts/keys.ts'
import { utf8 } from '../../../src/protocol/bytes.ts'
import { FIELD_ORDER, type FieldElement, randomField, toField } from '../../../src/protocol/field.ts'
import { artefactFile, type KeySetManifest } from '../../../src/protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId, PUBLIC_SIGNALS } from '../../../src/protocol/signals.ts'
import { createNodeProver } from '../../../src/prover/node.ts'
import { loadKeySet } from '../../../src/verifier/key-set.ts'
import type { VerificationKey } from '../../../src/verifier/pairing-key.ts'
import { loadVerificationKey } from '../../../src/verifier/verification-key.ts'
import { VerifierError } from '../../../src/verifier/verifier-error.ts'
import { type ProofStatus, verifyProof } from '../../../src/verifier/verify-proof.ts'
import { createNobleVerifier, readKeyPoints } from '../../verifier/noble-verifier.ts'
import { loadUnsafeKey } from '../../verifier/unsafe-key.ts'
import { loadTarget } from './load-target.ts'
import { checkProvingKey } from './setup-forgeries-key.ts'
import { type KeyJson, WEAKNESSES, weakened } from './setup-forgeries-weak.ts'
import { signalAliases } from './vectors/alias.ts'

export type SetupForgeries = {
  /** Forged proofs, unsafe or unlisted keys, and proofs under keys that are not theirs. */
  tried: number
  rejected: number
  failures: string[]
}

/**
 * Attacks on a circuit's keys, of the development and of a local key set, instead of on its constraints: proofs from
 * the public key alone (each first shown to verify under a key on which it must), keys that must not load, proofs under
 * every other key, and public signals under another spelling.
 */
export async function trySetupForgeries(circuit: CircuitId): Promise<SetupForgeries> {
  const attempt = new Attempts()
  const keySets = [await openKeys('development', circuit), await openKeys('local', circuit)]
  for (const keys of keySets) {
    attempt.must(`${keys.name}: proving key`, await checkProvingKey(keys, circuit), 'CONSISTENT')
    await forgeFromPublicKey(keys, circuit, attempt)
    await loadUnlisted(keys, circuit, { other: keySets.find((each) => each !== keys) ?? keys, attempt })
  }
  const { inputs } = await loadTarget(circuit)
  for (const keys of keySets) {
    const { proof, publicSignals } = await proveUnder(keys, circuit, inputs(1))
    attempt.must(`${keys.name}: honest proof`, verifyProof(keys.key, publicSignals, proof), 'VALID')
    for (const other of keySets) {
      for (const id of CIRCUIT_IDS) {
        const key = other.keys.get(id)
        if (!key || key === keys.key) continue
        // As many signals as the other circuit has: their number alone must not be what refuses.
        const signals = Array.from({ length: key.signalCount }, (_, index) => publicSignals[index] ?? ZERO)
        attempt.refused(
          `${keys.name}: proof under ${other.name} ${id}`,
          verifyProof(key, signals, proof),
          'PROOF_INVALID',
        )
      }
    }
    for (const [name, signals, status] of changedSignals(circuit, publicSignals)) {
      attempt.refused(`${keys.name}: ${name}`, verifyProof(keys.key, signals, proof), status)
    }
  }
  return { tried: attempt.tried, rejected: attempt.rejected, failures: attempt.failures }
}

export type OpenKeys = {
  readonly name: 'development' | 'local'
  readonly hash: string
  readonly directory: string
  readonly manifest: KeySetManifest
  readonly key: VerificationKey
  /** Of every circuit of the set. */
  readonly keys: ReadonlyMap<CircuitId, VerificationKey>
  readonly json: KeyJson
}

/** A local set of the forger's own: a deployment's stays alone. */
const LOCAL_KEYS = join(PROJECT_ROOT, 'build/forger-keys')

async function openKeys(name: 'development' | 'local', circuit: CircuitId): Promise<OpenKeys> {
  const { hash, directory, manifest } = await ensureKeySet({
    origin: name,
    verify: true,
    ...(name === 'local' && { directory: LOCAL_KEYS }),
  })
  const readJson = async (id: CircuitId): Promise<KeyJson> =>
    JSON.parse(await readFile(join(directory, artefactFile(id, 'verificationKey')), 'utf8'))
  const keys = new Map<CircuitId, VerificationKey>()
  for (const id of CIRCUIT_IDS) keys.set(id, await loadVerificationKey(await readJson(id), { circuit: id }))
  const key = keys.get(circuit)
  if (!key) throw new Error(`the key set has no ${circuit}`)
  return { name, hash, directory, manifest, key, keys, json: await readJson(circuit) }
}

/** Three statements that no witness has, for each weakness of a key. */
async function forgeFromPublicKey(keys: OpenKeys, circuit: CircuitId, attempt: Attempts): Promise<void> {
  const points = readKeyPoints(keys.json)
  const { sumInputs } = createNobleVerifier(points)
  for (const weakness of WEAKNESSES) {
    const weak = weakened(keys.json, weakness)
    const weakPoints = readKeyPoints(weak)
    const weakKey = await loadUnsafeKey(weak, circuit)
    const weakSum = createNobleVerifier(weakPoints).sumInputs
    attempt.refused(`${keys.name}: loads a key with ${weakness.name}`, await loading(weak, circuit), 'key_unsafe')
    for (let index = 1; index <= 3; index++) {
      const signals = PUBLIC_SIGNALS[circuit].map(() => randomField())
      const name = `${keys.name}: forged by ${weakness.name}, ${index}`
      const control = weakness.forge(weakPoints, weakSum(signals))
      attempt.must(`${name}, under the weak key`, verifyProof(weakKey, signals, control), 'VALID')
      const forged = weakness.forge(points, sumInputs(signals))
      attempt.refused(name, verifyProof(keys.key, signals, forged), 'PROOF_INVALID')
      attempt.refused(`${name}, with the weak key's proof`, verifyProof(keys.key, signals, control), 'PROOF_INVALID')
    }
  }
  const [first = [], second = [], , ...rest] = keys.json.IC
  const shared = { ...keys.json, IC: [first, second, second, ...rest] }
  attempt.refused(`${keys.name}: loads a key with two equal points`, await loading(shared, circuit), 'key_unsafe')
}

async function loading(json: KeyJson, circuit: CircuitId): Promise<string> {
  try {
    await loadVerificationKey(json, { circuit })
    return 'loaded'
  } catch (error) {
    return error instanceof VerifierError ? error.code : String(error)
  }
}

/** Keys that the manifest does not name, and a set whose keys are public. */
async function loadUnlisted(
  keys: OpenKeys,
  circuit: CircuitId,
  { other, attempt }: { other: OpenKeys; attempt: Attempts },
): Promise<void> {
  const listed = (id: CircuitId) => readFile(join(keys.directory, artefactFile(id, 'verificationKey')))
  const load = (bytes: Uint8Array, allowDevelopment = true) =>
    loadKeySet({
      manifest: keys.manifest,
      allowDevelopment,
      readVerificationKey: async (id) => (id === circuit ? bytes : listed(id)),
    }).then(
      () => 'loaded',
      (error: unknown) => (error instanceof VerifierError ? error.code : String(error)),
    )
  const own = await listed(circuit)
  attempt.must(`${keys.name}: loads its own keys`, await load(own), 'loaded')
  const strangers: [string, Uint8Array][] = [
    ["another set's key", utf8(JSON.stringify(other.json))],
    ['the same key with a space more', utf8(`${new TextDecoder().decode(own)} `)],
    ...WEAKNESSES.map((weakness): [string, Uint8Array] => [
      `its key with ${weakness.name}`,
      utf8(JSON.stringify(weakened(keys.json, weakness))),
    ]),
  ]
  for (const [name, bytes] of strangers)
    attempt.refused(`${keys.name}: ${name}`, await load(bytes), 'key_hash_mismatch')
  const expected = keys.name === 'development' ? 'key_set_development' : 'loaded'
  attempt.must(`${keys.name}: where real keys are required`, await load(own, false), expected)
}

async function proveUnder(
  { directory, hash }: OpenKeys,
  circuit: CircuitId,
  inputs: Parameters<ReturnType<typeof createNodeProver>['prove']>[1],
) {
  const prover = createNodeProver({ location: { base: dirname(directory), keySetHash: hash } })
  try {
    const { proof, publicSignals } = await prover.prove(circuit, inputs)
    return { proof, publicSignals: publicSignals.map(toField) }
  } finally {
    prover.close()
  }
}

/** Every public signal alone off by one, and under another spelling of the same residue; one too few, one too many. */
function changedSignals(
  circuit: CircuitId,
  signals: readonly FieldElement[],
): [name: string, signals: FieldElement[], status: ProofStatus][] {
  // Out of range on purpose: the type is what the verifier must not rely on.
  const at = (index: number, value: bigint) => signals.with(index, value as FieldElement)
  const reduced = (value: bigint) => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER
  const each = PUBLIC_SIGNALS[circuit].flatMap((name, index): [string, FieldElement[], ProofStatus][] => {
    const value = signals[index] ?? ZERO
    return [
      [`${name} + 1`, at(index, reduced(value + 1n)), 'PROOF_INVALID'],
      [`${name} - 1`, at(index, reduced(value - 1n)), 'PROOF_INVALID'],
      ...signalAliases(value).map(([spelling, alias]): [string, FieldElement[], ProofStatus] => {
        return [`${name} ${spelling}`, at(index, alias), 'SIGNALS_INVALID']
      }),
    ]
  })
  return [
    ...each,
    ['the last signal dropped', signals.slice(0, -1), 'SIGNALS_INVALID'],
    ['a signal 0 more', [...signals, ZERO], 'SIGNALS_INVALID'],
  ]
}

const ZERO = toField(0)

class Attempts {
  tried = 0
  rejected = 0
  readonly failures: string[] = []

  /** An attack, and the code that must refuse it. */
  refused(name: string, outcome: string, expected: string): void {
    this.tried++
    if (outcome === expected) this.rejected++
    else this.failures.push(`${name}: ${outcome}, not ${expected}`)
  }

  /** What must hold for the attacks to mean anything. */
  must(name: string, outcome: string, expected: string): void {
    if (outcome !== expected) this.failures.push(`${name}: ${outcome}, not ${expected}`)
  }
}
