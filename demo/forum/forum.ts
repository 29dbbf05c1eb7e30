import { createVerifier, login, TouchstoneError } from '../../sdk/server.ts'
import { openDatabase } from '../open-database.ts'
import { createSite, type Site, type SiteOptions, sendPage } from '../site.ts'
import { createVisits } from '../visits.ts'
import { createForumStore } from './forum-store.ts'
import { accountPage, forumPage, removePage } from './pages.ts'

const MAX_POST_LENGTH = 1000
const VISIT_SECONDS = 12 * 3600

/** A forum where people sign in with Touchstone: each is a name that no other site sees. */
export async function createForum(options: SiteOptions): Promise<Site> {
  const { origin, walletOrigin, keySet, directory, clock } = options
  const verifier = await createVerifier({
    origin,
    walletOrigin,
    keySets: [keySet],
    data: directory,
    requests: { 'sign-in': login() },
    allowDevelopmentKeys: options.allowDevelopmentKeys,
    clock,
    onError: options.onFailure,
  })
  const database = openDatabase(directory, 'forum')
  const store = createForumStore(database)
  const visits = createVisits({ database, cookie: '__Host-forum', seconds: VISIT_SECONDS, clock })
  const app = await createSite(options, verifier)

  app.get<{ Querystring: { notice?: string } }>('/', (request, reply) => {
    const account = store.find(visits.find(request) ?? '')
    const posts = store.posts(account?.nullifier)
    return sendPage(reply, forumPage({ account, posts, walletOrigin, notice: request.query.notice }))
  })

  app.post<{ Body: { code?: unknown } }>('/session', async (request, reply) => {
    try {
      const result = await verifier.getResult({ code: String(request.body?.code), cookie: request.headers.cookie })
      if (!result.login) return reply.code(422).send({ error: 'query_unanswered' })
      visits.begin(request, reply, store.signIn(result.login, clock()).nullifier)
      return { next: '/' }
    } catch (error) {
      if (!(error instanceof TouchstoneError)) throw error
      return reply.code(403).send({ error: error.code, message: error.message })
    }
  })

  app.post<{ Body: { text?: unknown } }>('/posts', (request, reply) => {
    const account = store.find(visits.find(request) ?? '')
    if (!account) return reply.redirect('/?notice=signed-out', 303)
    const text = String(request.body?.text ?? '').trim()
    if (text === '' || text.length > MAX_POST_LENGTH) return reply.redirect('/?notice=length', 303)
    store.post(account.nullifier, text, clock())
    return reply.redirect('/', 303)
  })

  app.post('/sign-out', (request, reply) => {
    visits.end(request, reply)
    return reply.redirect('/?notice=signed-out', 303)
  })

  app.get('/account', (request, reply) => {
    const account = store.find(visits.find(request) ?? '')
    return account ? sendPage(reply, accountPage(account)) : reply.redirect('/?notice=signed-out', 303)
  })

  app.get('/account/delete', (request, reply) => {
    const account = store.find(visits.find(request) ?? '')
    return account ? sendPage(reply, removePage(account)) : reply.redirect('/?notice=signed-out', 303)
  })

  app.post('/account/delete', async (request, reply) => {
    const account = store.find(visits.find(request) ?? '')
    if (!account) return reply.redirect('/?notice=signed-out', 303)
    await verifier.forget(account.nullifier)
    store.remove(account.nullifier)
    visits.endAll(account.nullifier)
    visits.end(request, reply)
    return reply.redirect('/?notice=deleted', 303)
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
