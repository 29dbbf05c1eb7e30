import { SERVER_ERROR_CODES } from '../../sdk/server/error-codes.ts'
import { createTestKeySet, createTestWallet, type TestWallet } from '../../sdk/testing.ts'
import { randomField } from '../../src/protocol/field.ts'
import { serializePresentation } from '../../src/protocol/presentation.ts'
import { itemsOf } from '../../src/protocol/query.ts'
import { PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { PRESENTATION_STATUSES } from '../../src/verifier/status.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { createNobleVerifier, readKeyPoints } from '../../test/verifier/noble-verifier.ts'
import { atLeast, atMost } from '../bar.ts'
import { startPostgres } from '../postgres.ts'
import { BODY_MUTATIONS, type Valid } from './malformed/bodies.ts'
import { PROOF_MUTATIONS } from './malformed/proofs.ts'
import type { AttackContext, AttackPart } from './part.ts'
import { type SeededRandom, seededRandom } from './random.ts'
import type { Reply } from './site/exchange.ts'
import { type LoneSite, startLoneSite } from './site/lone-site.ts'

/** Sent to the site on each database. */
const SENT = {
  sqlite: { quick: 400, short: 8_000, long: 80_000 },
  postgres: { quick: 200, short: 2_000, long: 20_000 },
} as const
const AGREED = { quick: 50, short: 500, long: 5_000 }
/** Sent at once. Less than a site takes: being turned away is another matter than being wrong. */
const LANES = 8
/** The part of what is sent after which memory is measured for the first time: caches are full by then. */
const WARM_UP = 0.5
const MEMORY_LIMIT_MB = 50
/** A fifth refusal ends a session; what is left is for the presentation that nothing was changed in. */
const REFUSALS = 4

const CODES = new Set([
  ...Object.keys(SERVER_ERROR_CODES),
  ...Object.values(PRESENTATION_STATUSES).map(({ code }) => code),
])

type Tally = {
  refused: number
  readonly codes: Map<string, number>
  readonly kinds: Set<string>
  /** What was answered otherwise than it must be. */
  readonly wrong: string[]
  worstMs: number
  /** Presentations with nothing changed, which must be accepted. */
  controls: number
}

/**
 * Presentations with one thing made wrong, each from a valid one that is accepted afterwards, so that nothing else can
 * have been the reason; over HTTP to a site on SQLite and one on PostgreSQL.
 */
export const malformed: AttackPart = async (context) => {
  const wallet = await createTestWallet()
  const { form } = context
  const counts = { sqlite: SENT.sqlite[form], postgres: SENT.postgres[form] }
  const sqlite = await attack('SQLite', await startLoneSite(wallet), { wallet, context, count: counts.sqlite })
  const cluster = await startPostgres({ report: context.progress })
  try {
    const target = await startLoneSite(wallet, { store: { url: cluster.url } })
    const postgres = await attack('PostgreSQL', target, { wallet, context, count: counts.postgres })
    const both = [sqlite, postgres]
    const sent = counts.sqlite + counts.postgres
    const isRight = both.every(
      ({ tally, isAlive, faults }) => tally.wrong.length === 0 && isAlive && faults.length === 0,
    )
    const growth = Math.max(...both.map((each) => each.growthMb))
    const agreement = await compareVerifiers(context)
    return {
      bars: [
        atLeast(
          sent,
          { name: 'malformed refused', value: sqlite.tally.refused + postgres.tally.refused, unit: `of ${sent}` },
          isRight,
        ),
        atMost(MEMORY_LIMIT_MB, { name: 'memory grown', value: growth, unit: 'MB' }),
        atLeast(agreement.compared, {
          name: 'verifiers agree',
          value: agreement.agreed,
          unit: `of ${agreement.compared} malformed proofs`,
        }),
      ],
      lines: [...both.flatMap(({ lines }) => lines), agreement.line],
    }
  } finally {
    await cluster.stop()
  }
}

async function attack(
  name: string,
  target: LoneSite,
  { wallet, context, count }: { wallet: TestWallet; context: AttackContext; count: number },
) {
  const { seed, progress } = context
  const tally: Tally = { refused: 0, codes: new Map(), kinds: new Set(), wrong: [], worstMs: 0, controls: 0 }
  const share = count / LANES
  async function send(from: number, to: number): Promise<void> {
    const lanes = Array.from({ length: LANES }, (_, lane) => {
      const random = seededRandom(seed * 1_000_003 + lane * 7919 + from)
      return sendLane({ target, wallet, tally, random, count: Math.round(share * to) - Math.round(share * from) })
    })
    await Promise.all(lanes)
    progress(`${name}: ${tally.refused} refused`)
  }
  try {
    await send(0, WARM_UP)
    const before = await target.memory()
    await send(WARM_UP, 1)
    const grown = (await target.memory()) - before
    const growthMb = Math.round((grown / 2 ** 20) * 10) / 10
    const counts = [...tally.codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${count} ${code}`)
    return {
      tally,
      isAlive: target.isAlive(),
      faults: target.faults,
      growthMb,
      lines: [
        `${name}: ${tally.refused} refused, of ${tally.kinds.size} kinds, the slowest after ${Math.round(tally.worstMs)} ms; ` +
          `${tally.controls} unchanged ones accepted; memory ${growthMb} MB more`,
        `${name}: ${counts.join(', ')}`,
        ...tally.wrong.slice(0, 20).map((line) => `${name}: ${line}`),
        ...target.faults.slice(0, 5).map((fault) => `${name}: unforeseen: ${fault}`),
      ],
    }
  } finally {
    await target.stop()
  }
}

const ASKED = ['both', 'adult', 'long', 'raffle'] as const

/** One session after another, each with a few wrong presentations and the right one at its end. */
async function sendLane(options: {
  target: LoneSite
  wallet: TestWallet
  tally: Tally
  random: SeededRandom
  count: number
}): Promise<void> {
  const { target, wallet, tally, random } = options
  for (let left = options.count; left > 0; ) {
    // Another holder of the same credential: behind a simulated proof nobody looks at it.
    const person = { ...wallet.person, holderSecret: randomField(), deviceKey: randomField() }
    const session = await wallet.open(target, random.pick(ASKED))
    const presentation = await wallet.present(session, {
      person,
      items: itemsOf(session.request.query).map(({ id }) => id),
    })
    const text = JSON.stringify(serializePresentation(presentation))
    const valid: Valid = { siteOrigin: target.origin, text, proofs: presentation.answers.map(({ proof }) => proof) }
    const path = `/touchstone/sessions/${session.session}/presentation`
    const headers = { origin: wallet.options.walletOrigin, 'content-type': 'application/json' }
    for (let refusals = 0, sent = 0; refusals < REFUSALS && sent < 25 && left > 0; sent++, left--) {
      const kind = random.pick(Object.keys(BODY_MUTATIONS))
      const made = BODY_MUTATIONS[kind]?.(valid, random)
      if (!made) throw new Error(`there is no mutation ${kind}`)
      const sending = { path, ...made, headers: { ...headers, ...made.headers } }
      const reply = await target.post(sending).catch((error: unknown) => String(error))
      if (judge(tally, kind, reply, String(made.body))) refusals++
    }
    const control = await target.post({ path, headers, body: text })
    if (control.status === 200) tally.controls++
    else tally.wrong.push(`an unchanged presentation was answered by ${control.status} ${control.body}`)
  }
}

/** Whether the session has one refusal more by it. */
function judge(tally: Tally, kind: string, reply: Reply | string, body: string): boolean {
  tally.kinds.add(kind)
  if (typeof reply === 'string') {
    tally.wrong.push(`${kind}: ${reply}: ${body.slice(0, 300)}`)
    return false
  }
  const code = readCode(reply)
  tally.worstMs = Math.max(tally.worstMs, reply.milliseconds)
  tally.codes.set(code ?? 'none', (tally.codes.get(code ?? 'none') ?? 0) + 1)
  if (reply.status >= 400 && reply.status < 500 && code !== undefined && CODES.has(code)) tally.refused++
  else tally.wrong.push(`${kind}: answered by ${reply.status} ${reply.body.slice(0, 100)}: ${body.slice(0, 300)}`)
  return reply.status === 422
}

function readCode({ type, body }: Reply): string | undefined {
  if (!type.startsWith('application/json')) return undefined
  const value: unknown = JSON.parse(body)
  const code = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined
  return typeof code === 'string' ? code : undefined
}

/** What is no proof is none for another implementation as well, and for the same reason. */
async function compareVerifiers({ seed, form, progress }: AttackContext) {
  const keys = await createTestKeySet()
  const json = JSON.parse(new TextDecoder().decode(keys.files['login-v1']))
  const key = await loadVerificationKey(json, { circuit: 'login-v1' })
  const noble = createNobleVerifier(readKeyPoints(json))
  const random = seededRandom(seed)
  const compared = AGREED[form]
  const verdicts = new Map<string, number>()
  let agreed = 0
  for (let index = 0; index < compared; index++) {
    const signals = PUBLIC_SIGNALS['login-v1'].map(() => randomField())
    const proof = random.pick(Object.values(PROOF_MUTATIONS))(keys.simulate('login-v1', signals), random)
    const verdict = verifyProof(key, signals, proof)
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    if (verdict !== 'VALID' && verdict === noble.verify(signals, proof)) agreed++
  }
  progress(`${agreed} of ${compared} malformed proofs judged alike`)
  const line = `two verifiers: ${[...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`
  return { compared, agreed, line }
}
