import type { Circuit } from '../circuit.ts'
import { acceptedCase, caseCredentialHash, ISSUER_SEED } from '../present-case.ts'
import type { JudgeJob, Judgement } from './eddsa-negatives-judge.ts'
import { KILLED, type Killable, startKillable } from './killable.ts'
import { seeded } from './seeded.ts'
import { type SignatureVector, signatureVectors, type Verdict } from './vectors/signatures.ts'

export type EddsaNegatives = {
  /** Negatives, each put before the circuit, the protocol's code and circomlibjs. */
  tried: number
  /** Those on which all three said what they should. */
  rejected: number
  /** Of those, the ones also put into a whole presentation. */
  presented: number
  /** Judgements that had to be ended by killing their process. */
  killed: number
  /** One line for each judgement that is not as it should be; empty when all is well. */
  failures: string[]
}

/** What one judgement may take. Honest ones take some 100 ms; an endless loop ends here. */
const MILLISECONDS = 1000

/** Every which-th negative is put into a whole presentation too. */
const PRESENTATION_SAMPLE = 8

/**
 * Tries signatures that must not verify on three verifiers at once: the circuit's `IssuerSignature` (by itself, and a
 * sample inside `circuit`, which must be present-v1), `verifyIssuerSignature`, and circomlibjs 0.1.7, which is known
 * wrong on some and must be exactly that wrong. Signatures that all accept are among them, so that no judge can pass
 * by refusing everything.
 */
export async function tryEddsaNegatives(circuit: Circuit, { seed }: { seed: number }): Promise<EddsaNegatives> {
  if (circuit.name !== 'present-v1') throw new Error(`${circuit.name} checks no signature`)
  const result: EddsaNegatives = { tried: 0, rejected: 0, presented: 0, killed: 0, failures: [] }
  const waiting = trials(seed)
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      const judge = startJudges()
      try {
        for (let trial = waiting.shift(); trial; trial = waiting.shift()) await tryOne(judge, trial, result)
      } finally {
        await judge.close()
      }
    }),
  )
  return result
}

/** circomlibjs, which is killed again and again, has a process of its own. */
function startJudges(): Killable<JudgeJob, Judgement> {
  const file = new URL('./eddsa-negatives-judge.ts', import.meta.url)
  const start = (...args: string[]) => startKillable<JudgeJob, Judgement>(file, { milliseconds: MILLISECONDS, args })
  const [circuits, code] = [start('circuit', 'presentation'), start('protocol', 'independent')]
  return {
    run: (job) => (job.judge === 'circuit' || job.judge === 'presentation' ? circuits : code).run(job),
    close: async () => {
      await Promise.all([circuits.close(), code.close()])
    },
  }
}

const LANES = 2
const PATIENCE = 3

/** What the judges are asked of one signature, with the right answers. */
type Trial = { negative: boolean; asked: readonly (readonly [JudgeJob, Verdict])[] }

function trials(seed: number): Trial[] {
  const holderBlinding = seeded(seed, 'eddsa-negatives').field()
  const message = caseCredentialHash(acceptedCase({ holderBlinding }))
  const { honest, negatives, leftToTheRoot } = signatureVectors({ message, issuerSeed: ISSUER_SEED, seed })
  const ask = (vector: SignatureVector, circuit: Verdict, protocol: Verdict): Trial['asked'] => [
    [{ judge: 'circuit', vector }, circuit],
    [{ judge: 'protocol', vector }, protocol],
    [{ judge: 'independent', vector }, vector.independent ?? protocol],
  ]
  const present = (vector: SignatureVector, expected: Verdict): Trial['asked'] => [
    [{ judge: 'presentation', vector, holderBlinding }, expected],
  ]
  return [
    { negative: false, asked: [...ask(honest, 'accepted', 'accepted'), ...present(honest, 'accepted')] },
    ...leftToTheRoot.map((vector) => ({ negative: false, asked: ask(vector, 'accepted', 'refused') })),
    ...negatives.map((vector, index) => {
      // The circuit computes the message itself, so another message cannot be put into a presentation alone.
      const sampled = index % PRESENTATION_SAMPLE === 0 && vector.message === message
      return {
        negative: true,
        asked: [...ask(vector, 'refused', 'refused'), ...(sampled ? present(vector, 'refused') : [])],
      }
    }),
  ]
}

/** Adds to the result what came of it. */
async function tryOne(judge: Killable<JudgeJob, Judgement>, trial: Trial, result: EddsaNegatives): Promise<void> {
  let asExpected = true
  for (const [job, expected] of trial.asked) {
    const { verdict, complaint } = await judged(judge, job, expected)
    if (verdict === KILLED) result.killed++
    if (trial.negative && job.judge === 'presentation') result.presented++
    if (verdict === expected && !complaint) continue
    asExpected = false
    const reason = complaint ? `; ${complaint}` : ''
    result.failures.push(`${job.judge}: ${job.vector.name}: ${verdict}, not ${expected}${reason}`)
  }
  if (!trial.negative) return
  result.tried++
  if (asExpected) result.rejected++
}

/** A busy machine may take a second for an honest judgement: what should not be killed is asked again. */
async function judged(judge: Killable<JudgeJob, Judgement>, job: JudgeJob, expected: Verdict): Promise<Judgement> {
  let judgement = await judge.run(job)
  for (let again = 0; judgement === KILLED && expected !== KILLED && again < PATIENCE; again++) {
    judgement = await judge.run(job)
  }
  return judgement === KILLED ? { verdict: KILLED } : judgement
}
