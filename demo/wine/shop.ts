import { ageOver, createVerifier, TouchstoneError } from '../../sdk/server.ts'
import { openDatabase } from '../open-database.ts'
import { createSite, type Site, type SiteOptions, sendPage } from '../site.ts'
import { createVisits } from '../visits.ts'
import { BOTTLES } from './bottles.ts'
import { checkoutPage, shopPage, thanksPage } from './pages.ts'

export type WineShopOptions = SiteOptions & {
  /** Whose word on a birth date counts here, and the hash of the schema it is given in. */
  readonly person: { readonly issuer: string; readonly schema: string }
}

const VISIT_SECONDS = 1800
const LEGAL_AGE = 18

/** A wine shop whose checkout opens for those who prove that they are 18 or older. It never sees a birth date. */
export async function createWineShop(options: WineShopOptions): Promise<Site> {
  const { origin, walletOrigin, keySet, directory, clock, person } = options
  const verifier = await createVerifier({
    origin,
    walletOrigin,
    keySets: [keySet],
    data: directory,
    requests: { over18: ageOver(LEGAL_AGE, { issuers: [person.issuer], schema: person.schema }) },
    allowDevelopmentKeys: options.allowDevelopmentKeys,
    clock,
    onError: options.onFailure,
  })
  const database = openDatabase(directory, 'wine')
  // What a visit remembers is the name for this shop; that there is a visit at all says "18 or older".
  const visits = createVisits({ database, cookie: '__Host-wine', seconds: VISIT_SECONDS, clock })
  const app = await createSite(options, verifier)

  app.get('/', (request, reply) => sendPage(reply, shopPage({ pseudonym: visits.find(request), walletOrigin })))

  app.post<{ Body: { code?: unknown } }>('/age', async (request, reply) => {
    try {
      const { answers } = await verifier.getResult({ code: String(request.body?.code), cookie: request.headers.cookie })
      if (!answers.age) return reply.code(422).send({ error: 'query_unanswered' })
      visits.begin(request, reply, answers.age.pseudonym)
      return { next: '/checkout' }
    } catch (error) {
      if (!(error instanceof TouchstoneError)) throw error
      return reply.code(403).send({ error: error.code, message: error.message })
    }
  })

  app.get('/checkout', (request, reply) => {
    const pseudonym = visits.find(request)
    return pseudonym === undefined ? reply.redirect('/', 303) : sendPage(reply, checkoutPage(pseudonym))
  })

  app.post<{ Body: { bottle?: unknown } }>('/orders', (request, reply) => {
    const bottle = BOTTLES.find(({ id }) => id === request.body?.bottle)
    if (visits.find(request) === undefined || !bottle) return reply.redirect('/', 303)
    return sendPage(reply, thanksPage(bottle))
  })

  app.post('/leave', (request, reply) => {
    visits.end(request, reply)
    return reply.redirect('/', 303)
  })

  return {
    app,
    close: async () => {
      await app.close()
      await verifier.close()
      database.close()
    },
  }
}
