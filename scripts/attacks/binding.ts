import { decodeJwt } from 'jose'
import {
  createTestWallet,
  listedIssuer,
  makePresentation,
  type OpenSession,
  type ProveStatement,
  type TestPerson,
  type TestWallet,
} from '../../sdk/testing.ts'
import { toBase64url, utf8 } from '../../src/protocol/bytes.ts'
import { FIELD_ORDER, type FieldElement, randomField, toField } from '../../src/protocol/field.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { type Presentation, serializePresentation } from '../../src/protocol/presentation.ts'
import { verifyRequest } from '../../src/protocol/request.ts'
import { PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { atLeast } from '../bar.ts'
import { startPostgres } from '../postgres.ts'
import { PRESENTATION_SWAPS, REQUEST_SWAPS, type RequestJson } from './binding/swaps.ts'
import type { AttackContext, AttackPart } from './part.ts'
import { type LoneSite, startLoneSite } from './site/lone-site.ts'

/** Swaps at the two sites together, as SECURITY.md says: one that is left out by mistake is missed. */
const SWAPS = 218

/** What a swap came to: nothing where it was refused as it must be. */
type Trial = { readonly name: string; readonly problem: string | undefined }

/**
 * Everything that binds a presentation to one session of one site, taken from elsewhere, one thing at a time: its
 * fields, the request that it answers, the public signals that it proves, headers and address, the whole of it at
 * another site, and the second at which it comes.
 */
export const binding: AttackPart = async (context) => {
  const wallet = await createTestWallet()
  const cluster = await startPostgres({ report: context.progress })
  const targets: LoneSite[] = []
  try {
    const [wine, forum] = [
      await startLoneSite(wallet),
      await startLoneSite(wallet, { name: 'forum', store: { url: cluster.url } }),
    ]
    targets.push(wine, forum)
    const trials = [
      ...(await attackSite(wallet, wine, forum, context)),
      ...(await attackSite(wallet, forum, wine, context)),
    ]
    const problems = trials.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]))
    const faults = targets.flatMap((target) => target.faults)
    const value = trials.length - problems.length
    return {
      bars: [
        atLeast(
          SWAPS,
          { name: 'fields swapped refused', value, unit: `of ${trials.length}` },
          problems.length === 0 && faults.length === 0,
        ),
      ],
      lines: [`${trials.length / 2} swaps at each of two sites, on SQLite and PostgreSQL`, ...problems, ...faults],
    }
  } finally {
    for (const target of targets) await target.stop()
    await cluster.stop()
  }
}

async function attackSite(
  wallet: TestWallet,
  site: LoneSite,
  other: LoneSite,
  { progress }: AttackContext,
): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const attack of [swapFields, swapRequest, swapSignals, swapHeaders, relay, cutTime]) {
    trials.push(...(await attack(wallet, site, other)))
    progress(`${site.origin}: ${trials.length} swaps`)
  }
  return trials
}

type Asked = { readonly session: OpenSession; readonly person: TestPerson; readonly presentation: Presentation }

async function ask(wallet: TestWallet, site: LoneSite, prove?: ProveStatement, jws?: string): Promise<Asked> {
  const session = await wallet.open(site, 'both')
  // Another holder of the same credential: behind a simulated proof nobody looks at it.
  const person = { ...wallet.person, holderSecret: randomField(), deviceKey: randomField() }
  return { session, person, presentation: await presentTo(wallet, person, jws ?? session.jws, prove) }
}

function presentTo(wallet: TestWallet, person: TestPerson, jws: string, prove?: ProveStatement): Promise<Presentation> {
  const honest: ProveStatement = async (circuit, { signals }) => wallet.keySet.simulate(circuit, signals)
  return makePresentation({ person, issuers: [listedIssuer(wallet.issuer)], jws, prove: prove ?? honest })
}

type Post = { readonly headers?: Record<string, string>; readonly path?: string; readonly method?: string }

async function send(
  wallet: TestWallet,
  site: LoneSite,
  presentation: Presentation,
  { headers, path, method = 'POST' }: Post = {},
) {
  const { status, body } = await site.post({
    path: path ?? `/touchstone/sessions/${presentation.session}/presentation`,
    method,
    headers: { origin: wallet.options.walletOrigin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(serializePresentation(presentation)),
  })
  const answer: { error?: string } = JSON.parse(body)
  return { status, error: answer.error }
}

/** Refused by that code, after which what was swapped is put back and accepted. */
async function tryOnce(
  name: string,
  code: string,
  attempt: () => Promise<{ status: number; error: string | undefined }>,
  control: () => Promise<{ status: number; error: string | undefined }>,
): Promise<Trial> {
  const { status, error } = await attempt()
  if (error !== code) return { name, problem: `answered by ${status} ${error}, not by ${code}` }
  const unchanged = await control()
  return { name, problem: unchanged.status === 200 ? undefined : `unchanged: ${unchanged.status} ${unchanged.error}` }
}

async function swapFields(wallet: TestWallet, site: LoneSite): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const { name, code, change } of PRESENTATION_SWAPS) {
    const [own, other] = [await ask(wallet, site), await ask(wallet, site)]
    const path = `/touchstone/sessions/${own.session.session}/presentation`
    const swapped = change(own.presentation, other.presentation)
    trials.push(
      await tryOnce(
        name,
        code,
        () => send(wallet, site, swapped, { path }),
        () => send(wallet, site, own.presentation),
      ),
    )
  }
  return trials
}

/** The wallet answers another request than was made; session and key set are put right again. */
async function swapRequest(wallet: TestWallet, site: LoneSite, elsewhere: LoneSite): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const { name, code, change } of [...REQUEST_SWAPS, ...HEADER_SWAPS]) {
    const { session, person, presentation } = await ask(wallet, site)
    const foreign = await wallet.open(elsewhere, 'both')
    const jws = rewrite(session.jws, (value) => change(value, decodeJwt(foreign.jws)))
    const { walletNonce, answers, epochs } = await presentTo(wallet, person, jws)
    const swapped = { ...presentation, walletNonce, answers, epochs }
    trials.push(
      await tryOnce(
        name,
        code,
        () => send(wallet, site, swapped),
        () => send(wallet, site, presentation),
      ),
    )
  }
  return trials
}

/** Changes that leave each value of the request as it is: only its bytes are others, which the context has the hash of. */
const HEADER_SWAPS = [
  {
    name: 'the request’s members in another order',
    code: 'proof_invalid',
    change: (value: RequestJson) => Object.fromEntries(Object.entries(value).reverse()),
  },
]

function rewrite(jws: string, change: (payload: RequestJson) => RequestJson): string {
  const [header = '', , signature = ''] = jws.split('.')
  return [header, toBase64url(utf8(JSON.stringify(change(decodeJwt(jws))))), signature].join('.')
}

/** One public signal of one proof is another than the verifier builds; what the presentation says is as it was. */
async function swapSignals(wallet: TestWallet, site: LoneSite): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const circuit of ['login-v1', 'present-v1'] as const) {
    for (const [place, name] of PUBLIC_SIGNALS[circuit].entries()) {
      const prove: ProveStatement = async (id, { signals }) =>
        wallet.keySet.simulate(id, id === circuit ? step(signals, place) : signals)
      const { person, session, presentation } = await ask(wallet, site, prove)
      const right = await presentTo(wallet, person, session.jws)
      trials.push(
        await tryOnce(
          `${circuit} ${name}`,
          'proof_invalid',
          () => send(wallet, site, presentation),
          () => send(wallet, site, right),
        ),
      )
    }
  }
  return trials
}

function step(signals: readonly FieldElement[], place: number): FieldElement[] {
  return signals.map((signal, at) => (at === place ? toField((signal + 1n) % FIELD_ORDER) : signal))
}

async function swapHeaders(wallet: TestWallet, site: LoneSite, other: LoneSite): Promise<Trial[]> {
  const posts: readonly (readonly [string, string, (asked: Asked, another: OpenSession) => Post])[] = [
    ['origin: the site’s own', 'origin_forbidden', () => ({ headers: { origin: site.origin } })],
    ['origin: another site’s', 'origin_forbidden', () => ({ headers: { origin: other.origin } })],
    ['origin: null', 'origin_forbidden', () => ({ headers: { origin: 'null' } })],
    ['origin: empty', 'origin_forbidden', () => ({ headers: { origin: '' } })],
    ['content-type', 'content_type_invalid', () => ({ headers: { 'content-type': 'text/plain' } })],
    ['method', 'method_not_allowed', () => ({ method: 'PUT' })],
    [
      'path: another session',
      'session_mismatch',
      (_, { session }) => ({ path: `/touchstone/sessions/${session}/presentation` }),
    ],
    ['path: no session', 'session_unknown', () => ({ path: `/touchstone/sessions/${'A'.repeat(22)}/presentation` })],
  ]
  const trials: Trial[] = []
  for (const [name, code, postOf] of posts) {
    const asked = await ask(wallet, site)
    const post = postOf(asked, await wallet.open(site, 'both'))
    const { presentation } = asked
    trials.push(
      await tryOnce(
        name,
        code,
        () => send(wallet, site, presentation, post),
        () => send(wallet, site, presentation),
      ),
    )
  }
  return trials
}

/** What was made for one site is brought to another. */
async function relay(wallet: TestWallet, site: LoneSite, other: LoneSite): Promise<Trial[]> {
  const there = await ask(wallet, other)
  const here = await ask(wallet, site)
  const renamed = { ...there.presentation, session: here.session.session }
  const accept = () => send(wallet, site, here.presentation)
  return [
    await tryOnce(
      'a whole presentation of another site',
      'session_unknown',
      () => send(wallet, site, there.presentation),
      async () => ({ status: 200, error: undefined }),
    ),
    await tryOnce(
      'a whole presentation of another site, under this session',
      'proof_invalid',
      () => send(wallet, site, renamed),
      accept,
    ),
    await refuseRelayedRequest(wallet, site, other),
  ]
}

/** A site hands its visitor another site's request: the wallet goes by the origin that the browser names. */
async function refuseRelayedRequest(wallet: TestWallet, site: LoneSite, other: LoneSite): Promise<Trial> {
  const name = 'a request of another site'
  const { jws } = await wallet.open(other, 'both')
  const published = await other.post({ path: '/.well-known/touchstone.json', method: 'GET', headers: {}, body: '' })
  const { keys } = JSON.parse(published.body)
  const options = { jws, keys, now: wallet.clock.read() }
  await verifyRequest({ ...options, expectedOrigin: parseOrigin(other.origin) })
  const problem = await verifyRequest({ ...options, expectedOrigin: parseOrigin(site.origin) }).then(
    () => 'the wallet took it',
    (error: { code?: string }) => (error.code === 'request_origin' ? undefined : `refused by ${error.code}`),
  )
  return { name, problem }
}

/** A session lives to the second, by the server's clock. */
async function cutTime(wallet: TestWallet, site: LoneSite): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const [after, code] of [
    [-1, undefined],
    [0, 'session_expired'],
    [1, 'session_expired'],
  ] as const) {
    await site.setClock(wallet.clock.read())
    const { session, presentation } = await ask(wallet, site)
    await site.setClock(new Date((session.request.exp + after) * 1000))
    const { status, error } = await send(wallet, site, presentation)
    const isRight = code === undefined ? status === 200 : error === code
    trials.push({ name: `${after} s after the end`, problem: isRight ? undefined : `answered by ${status} ${error}` })
  }
  await site.setClock()
  return trials
}
