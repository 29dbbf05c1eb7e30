import { loadGenerators } from '../../sdk/testing/points.ts'
import { makeTrapdoor, simulateProof, verificationKeyJson } from '../../sdk/testing/trapdoor.ts'
import {
  createTestWallet,
  listedIssuer,
  makePresentation,
  type ProveStatement,
  type TestWallet,
} from '../../sdk/testing.ts'
import { parseField, randomField, toField } from '../../src/protocol/field.ts'
import { type Presentation, serializePresentation } from '../../src/protocol/presentation.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import {
  createNobleVerifier,
  encodePoints,
  type G1Point,
  type KeyPoints,
  readKeyPoints,
} from '../../test/verifier/noble-verifier.ts'
import { loadUnsafeKey } from '../../test/verifier/unsafe-key.ts'
import { atLeast } from '../bar.ts'
import { PROOF_MUTATIONS } from './malformed/proofs.ts'
import type { AttackPart } from './part.ts'
import { seededRandom } from './random.ts'
import { rerandomise } from './rerandomise.ts'
import { type LoneSite, startLoneSite } from './site/lone-site.ts'

/** The code by which an attack was refused, as it came and as it must be; of a control, that it holds. */
type Verdict = { readonly attack: string; readonly got: string; readonly wanted: string; readonly isControl?: true }

/** How many are tried: one that is left out by mistake is missed. */
const ATTACKS = 10
const CONTROLS = 5

/**
 * Five that others fell to (docs/attacks.md), each by its own code. Controls, counted by themselves, show that each is
 * refused for what it is: what differs in nothing but the attack is accepted, or holds by the bare equation.
 */
export const known: AttackPart = async ({ seed, progress }) => {
  const wallet = await createTestWallet()
  const target = await startLoneSite(wallet)
  try {
    const verdicts: Verdict[] = []
    for (const attack of [forgeUnderWeakKey, dropTrailingZero, spellSignals, reuseProof, leaveSubgroup]) {
      verdicts.push(...(await attack(wallet, target, seed)))
      progress(`${verdicts.length} tried`)
    }
    const right = verdicts.filter(({ got, wanted }) => got === wanted)
    const controls = right.filter(({ isControl }) => isControl).length
    const refused = { name: 'known attacks refused', value: right.length - controls, unit: `of ${ATTACKS}` }
    return {
      bars: [
        atLeast(ATTACKS, refused, target.faults.length === 0 && verdicts.length === ATTACKS + CONTROLS),
        atLeast(CONTROLS, { name: 'known attacks, controls that hold', value: controls, unit: `of ${CONTROLS}` }),
      ],
      lines: verdicts.map(({ attack, got, wanted }) => `${attack}: ${got}${got === wanted ? '' : `, not ${wanted}`}`),
    }
  } finally {
    await target.stop()
  }
}

/** With γ = δ, (α, β, −input) satisfies the equation whatever is claimed. */
function forge({ alpha, beta }: KeyPoints, input: G1Point): Uint8Array<ArrayBuffer> {
  return encodePoints({ a: alpha, b: beta, c: input.negate() })
}

async function forgeUnderWeakKey(wallet: TestWallet, target: LoneSite): Promise<Verdict[]> {
  const weak = verificationKeyJson(await loadGenerators(), { ...makeTrapdoor('login-v1'), gamma: 5n, delta: 5n })
  const points = readKeyPoints(weak)
  const signals = [1, 2, 3, 4, 5].map(() => randomField())
  const forged = forge(points, createNobleVerifier(points).sumInputs(signals))
  const unsafe = verifyProof(await loadUnsafeKey(weak, 'login-v1'), signals, forged)
  const loading = await codeOf(loadVerificationKey(weak, { circuit: 'login-v1' }))

  const own = readKeyPoints(JSON.parse(new TextDecoder().decode(wallet.keySet.files['login-v1'])))
  const { sumInputs } = createNobleVerifier(own)
  const { presentation } = await ask(wallet, target, async (_, { signals: asked }) => forge(own, sumInputs(asked)))
  return [
    { attack: 'a proof forged under γ = δ, by the equation alone', got: unsafe, wanted: 'VALID', isControl: true },
    { attack: 'a key with γ = δ', got: loading, wanted: 'key_unsafe' },
    {
      attack: 'the same forgery under the site’s key',
      got: await send(wallet, target, presentation),
      wanted: 'proof_invalid',
    },
  ]
}

async function dropTrailingZero(): Promise<Verdict[]> {
  const generators = await loadGenerators()
  const trapdoor = makeTrapdoor('login-v1')
  const key = await loadVerificationKey(verificationKeyJson(generators, trapdoor), { circuit: 'login-v1' })
  const signals = [...[1, 2, 3, 4].map(() => randomField()), toField(0)]
  const proof = simulateProof(generators, trapdoor, signals)
  return [
    { attack: 'signals that end in zero', got: verifyProof(key, signals, proof), wanted: 'VALID', isControl: true },
    {
      attack: 'the same without the zero',
      got: verifyProof(key, signals.slice(0, -1), proof),
      wanted: 'SIGNALS_INVALID',
    },
  ]
}

async function spellSignals(wallet: TestWallet, target: LoneSite): Promise<Verdict[]> {
  const { presentation } = await ask(wallet, target)
  const spellings: Readonly<Record<string, (text: string) => unknown>> = {
    'a signal as 0x…': (text) => `0x${parseField(text).toString(16)}`,
    'a signal as 0123': (text) => `0${parseField(text)}`,
    'a signal as a number': (text) => Number(parseField(text) % 1000n),
    'a signal as an empty text': () => '',
    'a signal as an empty array': () => [],
  }
  const verdicts: Verdict[] = []
  for (const [attack, spell] of Object.entries(spellings)) {
    const { answers, ...rest } = serializePresentation(presentation)
    const body = { ...rest, answers: answers.map((answer) => ({ ...answer, nullifier: spell(answer.nullifier) })) }
    verdicts.push({
      attack,
      got: await sendJson(wallet, target, presentation.session, body),
      wanted: 'presentation_invalid',
    })
  }
  verdicts.push({
    attack: 'the same as it must be',
    got: await send(wallet, target, presentation),
    wanted: 'accepted',
    isControl: true,
  })
  return verdicts
}

/** (s·A, B/s, C) verifies for whatever (A, B, C) does: the bytes of a proof are no key against replay. */
async function reuseProof(wallet: TestWallet, target: LoneSite): Promise<Verdict[]> {
  const { presentation } = await ask(wallet, target)
  const [again] = rerandomise(serializePresentation(presentation), 1)
  return [
    {
      attack: 'a proof made anew from another, first',
      got: await sendJson(wallet, target, presentation.session, again),
      wanted: 'accepted',
      isControl: true,
    },
    {
      attack: 'the proof it was made from, after it',
      got: await send(wallet, target, presentation),
      wanted: 'challenge_used',
    },
  ]
}

async function leaveSubgroup(wallet: TestWallet, target: LoneSite, seed: number): Promise<Verdict[]> {
  const { presentation } = await ask(wallet, target)
  const mutate = PROOF_MUTATIONS['B off its subgroup']
  if (!mutate) throw new Error('there is no such mutation')
  const random = seededRandom(seed)
  const answers = presentation.answers.map((answer) => ({
    ...answer,
    proof: Uint8Array.from(mutate(answer.proof, random)),
  }))
  return [
    {
      attack: 'B on the twist, off its subgroup',
      got: await send(wallet, target, { ...presentation, answers }),
      wanted: 'proof_malformed',
    },
    {
      attack: 'the same with B as it was',
      got: await send(wallet, target, presentation),
      wanted: 'accepted',
      isControl: true,
    },
  ]
}

async function ask(wallet: TestWallet, target: LoneSite, prove?: ProveStatement) {
  const session = await wallet.open(target, 'signIn')
  const person = { ...wallet.person, holderSecret: randomField(), deviceKey: randomField() }
  const honest: ProveStatement = async (circuit, { signals }) => wallet.keySet.simulate(circuit, signals)
  const issuers = [listedIssuer(wallet.issuer)]
  return { presentation: await makePresentation({ person, issuers, jws: session.jws, prove: prove ?? honest }) }
}

function send(wallet: TestWallet, target: LoneSite, presentation: Presentation): Promise<string> {
  return sendJson(wallet, target, presentation.session, serializePresentation(presentation))
}

async function sendJson(wallet: TestWallet, target: LoneSite, session: string, body: unknown): Promise<string> {
  const reply = await target.post({
    path: `/touchstone/sessions/${session}/presentation`,
    headers: { origin: wallet.options.walletOrigin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { error = 'accepted' }: { error?: string } = JSON.parse(reply.body)
  return error
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )
}
