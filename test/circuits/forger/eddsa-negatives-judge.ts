/** A process of eddsa-negatives.ts: says `'ready'`, then answers each job with a verdict. */
import { buildEddsa } from 'circomlibjs'
import { ProtocolError } from '../../../src/protocol/error.ts'
import { type FieldElement, toField } from '../../../src/protocol/field.ts'
import { type JubjubPoint, verifyIssuerSignature } from '../../../src/protocol/issuer-signature.ts'
import { ProverError } from '../../../src/prover/prover-error.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import { type Circuit, loadCircuit, loadCircuitFile } from '../circuit.ts'
import { modulo } from '../constraint-system.ts'
import { acceptedCase, presentInputs } from '../present-case.ts'
import type { Coordinates, SignatureVector, Verdict } from './vectors/signatures.ts'

/** `circuit` is IssuerSignature alone; `presentation` is present-v1, whose message the holder's blinding decides. */
export type JudgeJob =
  | { readonly judge: 'protocol' | 'independent' | 'circuit'; readonly vector: SignatureVector }
  | { readonly judge: 'presentation'; readonly vector: SignatureVector; readonly holderBlinding: FieldElement }

/** What is wrong with a circuit's answer besides the verdict, such as a refusal by the wrong constraints. */
export type Judgement = { readonly verdict: Verdict; readonly complaint?: string }

const ANY = /./
const ISSUER_SIGNATURE = 'test/circuits/forger/vectors/issuer-signature.circom'

// What is asked to judge is loaded before the first job, off its clock; a killed process has as little as can be to load.
const judges = process.argv.slice(2)
const eddsa = judges.includes('independent') ? await buildEddsa() : undefined
const signatureAlone = judges.includes('circuit') ? await loadCircuitFile(ISSUER_SIGNATURE) : undefined
const presentation = judges.includes('presentation') ? await loadCircuit('present-v1') : undefined

if (!process.send) throw new Error('this file runs as a process of eddsa-negatives.ts only')
process.on('message', async (job: JudgeJob) => process.send?.(await judge(job)))
process.send('ready')

async function judge(job: JudgeJob): Promise<Judgement> {
  switch (job.judge) {
    case 'protocol':
      return byProtocol(job.vector)
    case 'independent':
      return byIndependent(job.vector)
    case 'circuit': {
      const { key, r8, s, message } = job.vector
      return byCircuit(loaded(signatureAlone), job.vector, { key, r8, s, message }, ANY)
    }
    case 'presentation':
      return byCircuit(
        loaded(presentation),
        job.vector,
        presentationInputs(job),
        /^(IssuerSignature|signature|issuerKey)/,
      )
  }
}

/** Field elements come about by `toField` only, so a number beyond the field is refused there. */
function byProtocol({ key, message, r8, s }: SignatureVector): Judgement {
  const element = ([x, y]: Coordinates): JubjubPoint => [toField(x), toField(y)]
  try {
    return verdict(verifyIssuerSignature(element(key), toField(message), { r8: element(r8), s }))
  } catch (error) {
    if (error instanceof ProtocolError) return { verdict: 'refused' }
    throw error
  }
}

function byIndependent({ key, message, r8, s }: SignatureVector): Judgement {
  const circomlibjs = loaded(eddsa)
  const { F } = circomlibjs.babyJub
  const point = ([x, y]: Coordinates): Uint8Array[] => [F.e(x), F.e(y)]
  return verdict(circomlibjs.verifyPoseidon(F.e(message), { R8: point(r8), S: s }, point(key)))
}

/**
 * The program refuses; and the witness of a program without assertions breaks constraints, each with a signal of
 * `check`. Numbers beyond the field are reduced for that, as a forger would, unless that makes them the honest ones.
 */
async function byCircuit(
  circuit: Circuit,
  { alias }: SignatureVector,
  inputs: WitnessInputs,
  check: RegExp,
): Promise<Judgement> {
  const outcome = await circuit.prove(inputs).then(
    () => 'proved',
    (error: unknown) => (error instanceof ProverError ? error.code : String(error)),
  )
  if (outcome === 'proved') return { verdict: 'accepted' }
  if (outcome !== (isReduced(inputs) ? 'witness_unsatisfied' : 'witness_input_range')) {
    return { verdict: 'refused', complaint: `the program refused with ${outcome}` }
  }
  if (alias) return { verdict: 'refused' }
  // One constraint says it where every constraint belongs to the check.
  const limit = check === ANY ? 1 : Number.POSITIVE_INFINITY
  const broken = circuit.system.violated(await circuit.forge(reduced(inputs)), limit)
  if (broken.length === 0) return { verdict: 'accepted', complaint: 'only the program refuses, no constraint does' }
  const stray = broken.find((row) => !circuit.system.wiresOf(row).some((wire) => check.test(circuit.names[wire] ?? '')))
  return stray === undefined ? { verdict: 'refused' } : { verdict: 'refused', complaint: `row ${stray} broke as well` }
}

function presentationInputs({ vector, holderBlinding }: Extract<JudgeJob, { judge: 'presentation' }>): WitnessInputs {
  const { key, r8, s } = vector
  return presentInputs(
    acceptedCase({
      holderBlinding,
      issuerKey: asPoint(key),
      signature: { r8: asPoint(r8), s },
    }),
  )
}

function loaded<Loaded>(judge: Loaded | undefined): Loaded {
  if (judge === undefined) throw new Error('this process was not started for that judge')
  return judge
}

function verdict(accepted: boolean): Judgement {
  return { verdict: accepted ? 'accepted' : 'refused' }
}

/** The cast is the point: the program is asked about numbers that the type keeps out. */
function asPoint([x, y]: Coordinates): JubjubPoint {
  return [x as FieldElement, y as FieldElement]
}

function isReduced(inputs: WitnessInputs): boolean {
  return Object.values(inputs)
    .flat()
    .every((value) => value === modulo(value))
}

function reduced(inputs: WitnessInputs): WitnessInputs {
  const reduce = (value: bigint | readonly bigint[]) => (typeof value === 'bigint' ? modulo(value) : value.map(modulo))
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, reduce(value)]))
}
