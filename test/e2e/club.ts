import { join } from 'node:path'
import { html } from '../../demo/html.ts'
import { createSite, sendPage } from '../../demo/site.ts'
import { createVerifier, type QueryInput, schemaHash, type VerifiedResult } from '../../sdk/server.ts'
import { PERSON_SCHEMA } from '../../server/issuer/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import type { Place } from './deployment.ts'
import { serveAt } from './serve-at.ts'

/** The member states of the European Union, by ISO 3166-1. */
export const EUROPEAN_UNION = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU'],
  ...['IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
]

const DAY = 86_400
const MINUTE = 60

/** What the club asks. `guest` and `stranger` are each of one issuer, all else is of any of them. */
function requestsOf(issuers: readonly Origin[]) {
  const [, guestIssuer = '', strangerIssuer = ''] = issuers
  const person = { type: 'credential', schema: schemaHash(PERSON_SCHEMA) } as const
  const resident = {
    ...person,
    id: 'resident',
    issuers,
    predicates: [
      { op: '$between', claim: 'birthDate', from: '1980-01-01', to: '1999-12-31' },
      { op: '$in', claim: 'residence', values: EUROPEAN_UNION },
      { op: '$sd', claim: 'givenName' },
    ],
    notRevokedWithin: DAY,
  } as const
  const guest = { ...person, id: 'guest', issuers: [guestIssuer], predicates: [], notRevokedWithin: DAY }
  const stranger = { ...guest, id: 'stranger', issuers: [strangerIssuer] }
  return {
    entry: { all: [resident, { any: [guest, stranger] }] },
    resident,
    guestOfTheMinute: { ...guest, notRevokedWithin: MINUTE },
    six: {
      ...resident,
      id: 'six',
      predicates: [
        ...resident.predicates,
        { op: '$ne', claim: 'nationality', value: 'SE' },
        { op: '$exists', claim: 'birthPlace', value: true },
        { op: '$nin', claim: 'documentNumber', values: ['TS00000001', 'TS00000002'] },
      ],
    },
  } satisfies Record<string, QueryInput>
}

export type RequestName = keyof ReturnType<typeof requestsOf>

/** A relying party of the tests' own: `/ask/<request>` has the button, and `results` what its server has read. */
export async function openClub(
  { keySet, dataDirectory, dist, clock }: Place,
  options: { walletOrigin: Origin; issuers: readonly Origin[]; failures: unknown[] },
) {
  const { walletOrigin, issuers, failures } = options
  const results: VerifiedResult[] = []
  const onFailure = (error: unknown) => void failures.push(error)
  return serveAt('club', async (origin) => {
    const directory = join(dataDirectory, 'club')
    const requests = Object.entries(requestsOf(issuers)).map(
      ([name, query]) => [name, { query, returnPath: `/ask/${name}` }] as const,
    )
    const verifier = await createVerifier({
      origin,
      walletOrigin,
      keySets: [keySet.directory],
      issuers,
      store: { path: join(directory, 'touchstone.sqlite') },
      signingKey: { path: join(directory, 'signing-key.json') },
      requests: Object.fromEntries(requests),
      sessionSeconds: 600,
      allowDevelopmentKeys: true,
      clock,
      onError: onFailure,
    })
    const site = { origin, walletOrigin, keySet: keySet.directory, directory, assets: join(dist, 'wine') }
    const app = await createSite({ ...site, clock, allowDevelopmentKeys: true, onFailure }, verifier)

    app.get<{ Params: { request: string } }>('/ask/:request', (request, reply) => {
      const button = html`<touchstone-button label="Show a card" request="${request.params.request}" result="/answers" wallet-origin="${walletOrigin}"></touchstone-button>`
      return sendPage(reply, page(button))
    })
    app.post<{ Body: { code?: unknown } }>('/answers', async (request) => {
      results.push(await verifier.getResult({ code: String(request.body?.code), cookie: request.headers.cookie }))
      return { next: '/welcome' }
    })
    app.get('/welcome', (_request, reply) => sendPage(reply, page(html`<h1>Welcome</h1>`)))
    return {
      app,
      results,
      close: async () => {
        await app.close()
        await verifier.close()
      },
    }
  })
}

function page(main: ReturnType<typeof html>) {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Club</title>
    <script type="module" src="/assets/page.js"></script></head><body><main>${main}</main></body></html>`
}
