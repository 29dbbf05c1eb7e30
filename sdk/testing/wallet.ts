import { z } from 'zod'
import { parseOrigin } from '../../src/protocol/origin.ts'
import type { Presentation } from '../../src/protocol/presentation.ts'
import { alternativesOf, type QueryItem } from '../../src/protocol/query.ts'
import type { PresentationRequest } from '../../src/protocol/request.ts'
import { revocationIdOf, STATUS_BITS, STATUS_LEAVES } from '../../src/protocol/status-list.ts'
import { reasonAgainst } from '../../src/wallet/reason-against.ts'
import { WalletError } from '../../src/wallet/wallet-error.ts'
import type { IssuerLoader } from '../server/issuer-directory.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { INVALID_PRESENTATIONS, type InvalidPresentation, type Trick } from './invalid.ts'
import { createTestIssuer, listedIssuer, loaderOf, type TestIssuer } from './issuer.ts'
import { createTestKeySet, type TestKeySet } from './key-set.ts'
import { createTestPerson, type TestPerson, type TestPersonOptions } from './person.ts'
import { makePresentation, type ProveStatement } from './presentation.ts'
import { connectSite, errorOf, type OpenSession, type SiteUnderTest } from './site-session.ts'

export type AnswerOptions = {
  /** Who answers; the wallet's own person unless given. */
  readonly person?: TestPerson
  /** The Cookie header of the browser, where it has been at the site before. */
  readonly cookie?: string
  /** The items to answer; the first way to answer the query that the person can, unless given. */
  readonly items?: readonly string[]
  /** Makes it wrong in the one way for which a site refuses by this code. */
  readonly invalid?: InvalidPresentation
}

/** What the page has when the wallet is done. */
export type AcceptedAnswer = {
  /** Reads the result, once. */
  readonly code: string
  /** The Cookie header of the browser that began the session. */
  readonly cookie: string
  readonly session: string
  readonly returnUri: string
}

/** A wallet without a browser, with everything around it in memory. */
export type TestWallet = {
  /** What a verifier must be given to believe this wallet: spread it into `createVerifier`. */
  readonly options: {
    readonly walletOrigin: string
    readonly keySets: readonly TestKeySet[]
    readonly issuers: IssuerLoader
    readonly allowDevelopmentKeys: true
    readonly clock: () => Date
  }
  readonly keySet: TestKeySet
  readonly issuer: TestIssuer
  readonly clock: TestClock
  readonly person: TestPerson
  /** Somebody else, with a credential of the wallet's issuer and another place in its status list. */
  newPerson(options?: Partial<TestPersonOptions>): TestPerson
  /** The issuer revokes the person's credential. The clock is turned a minute on: by then every site has its new list. */
  revoke(person: TestPerson): void
  /** Opens a session as the site's page does: the request is checked as the wallet does. */
  open(site: SiteUnderTest, request: string, cookie?: string): Promise<OpenSession>
  /**
   * What the person's wallet would send. Rejects with `cannot_satisfy` where their credential does not answer what is
   * asked, and `credential_revoked`: an honest wallet has no proof then.
   */
  present(session: OpenSession, options?: Pick<AnswerOptions, 'person' | 'items'>): Promise<Presentation>
  /**
   * The whole of it: session, request, presentation. Rejects with the site's refusal, a {@link TouchstoneError} by its
   * code; `invalid` provokes one.
   */
  answer(site: SiteUnderTest, request: string, options?: AnswerOptions): Promise<AcceptedAnswer>
}

export type TestWalletOptions = {
  readonly origin?: string
  /** One in memory at `https://issuer.example` unless given. */
  readonly issuer?: TestIssuer
  /** Issuers besides it whose credentials people may hold. */
  readonly otherIssuers?: readonly TestIssuer[]
  readonly keySet?: TestKeySet
  readonly clock?: TestClock
}

/**
 * A wallet that answers without a browser: an issuer, a person with a credential of it, a key set under which it can prove
 * what it likes, and a clock.
 *
 * ```ts
 * const wallet = await createTestWallet()
 * const verifier = await createVerifier({ origin, requests, ...wallet.options })
 * const { code, cookie } = await wallet.answer(verifier, 'signIn')
 * const { login } = await verifier.getResult({ code, cookie })
 * ```
 */
export async function createTestWallet({
  origin = 'https://wallet.example',
  clock = createTestClock(),
  issuer = createTestIssuer({ now: clock.read() }),
  otherIssuers = [],
  keySet,
}: TestWalletOptions = {}): Promise<TestWallet> {
  const keys = keySet ?? (await createTestKeySet())
  const issuers = [issuer, ...otherIssuers]
  const walletOrigin = parseOrigin(origin)
  const prove: ProveStatement = async (circuit, { signals }) => keys.simulate(circuit, signals)
  let people = 0

  function newPerson(options: Partial<TestPersonOptions> = {}): TestPerson {
    return createTestPerson({ issuer, now: clock.read(), revocationId: nextRevocationId(), ...options })
  }

  function nextRevocationId(): number {
    const place = people++
    return revocationIdOf(Math.floor(place / STATUS_BITS) % STATUS_LEAVES, place % STATUS_BITS)
  }
  const own = newPerson()

  function present({ jws, request }: OpenSession, options: Pick<AnswerOptions, 'person' | 'items'> = {}) {
    const { person = own } = options
    const items = options.items ?? chooseItems(request, person)
    return makePresentation({ person, issuers: issuers.map(listedIssuer), jws, prove, items })
  }

  function connect(site: SiteUnderTest) {
    return connectSite(site, { walletOrigin, now: clock.read })
  }

  return {
    options: {
      walletOrigin,
      keySets: [keys],
      issuers: loaderOf(...issuers),
      allowDevelopmentKeys: true,
      clock: clock.read,
    },
    keySet: keys,
    issuer,
    clock,
    person: own,
    newPerson,
    revoke({ issuer: { status }, held }) {
      status.publish(Math.floor(clock.read().getTime() / 1000), [held.credential.revocationId])
      clock.advance(60)
    },
    present,
    open: async (site, request, cookie) => (await connect(site)).open(request, cookie),
    async answer(site, request, { person = own, cookie, items, invalid } = {}) {
      const client = await connect(site)
      const session = await client.open(request, cookie)
      await client.report(session.session, 'CONNECTED')
      // Who cheats does not ask whether they may.
      const chosen = items ?? (invalid && firstWay(session.request)) ?? chooseItems(session.request, person)
      const presentation = await present(session, { person, items: chosen })
      await client.report(session.session, 'PROVING')
      const response = await (invalid ? cheat(invalid) : client.send(presentation))
      if (!response.ok) throw await errorOf(response)
      const { code, returnUri } = acceptedShape.parse(await response.json())
      return { code, returnUri, session: session.session, cookie: session.cookie }

      function cheat(code: InvalidPresentation): Promise<Response> {
        const { needs, play }: Trick = INVALID_PRESENTATIONS[code]
        const played = play({
          site: client,
          keySet: keys,
          session,
          presentation,
          person,
          openAnother: () => client.open(request),
          answer: (other, changes) => present(other, { person, items: chosen, ...changes }),
          wait: clock.advance,
        })
        if (played) return played
        throw new TypeError(`invalid: ${code} needs a request with ${needs}; ${request} has none`)
      }
    },
  }
}

const acceptedShape = z.object({ code: z.string(), returnUri: z.string() })

function firstWay({ query }: PresentationRequest): string[] {
  return (alternativesOf(query)[0] ?? []).map(({ id }) => id)
}

/** The first way to answer the query that this person can. */
function chooseItems({ query, today }: PresentationRequest, { held, deviceKey }: TestPerson): string[] {
  const canAnswer = (item: QueryItem) =>
    item.type === 'login' || reasonAgainst(held, item, today, [deviceKey]) === undefined
  const way = alternativesOf(query).find((items) => items.every(canAnswer))
  if (!way) throw new WalletError('cannot_satisfy', 'the person’s credential does not answer what the site asks')
  return way.map(({ id }) => id)
}
