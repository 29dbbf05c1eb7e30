import { ageOver, createVerifier, login } from '@touchstone/sdk'
import { requireResult, touchstone } from '@touchstone/sdk/fastify'
import { fastify } from 'fastify'

const {
  ORIGIN: origin = 'http://fastify.localhost:3002',
  WALLET: walletOrigin = 'http://wallet.localhost:4400',
  ISSUER: issuer = 'http://issuer.localhost:4401',
} = process.env

const verifier = await createVerifier({
  origin,
  walletOrigin,
  requests: { signIn: login(), over18: ageOver(18, { issuers: [issuer] }) },
})
const signedIn = { onRequest: requireResult(verifier, { request: 'signIn', redirect: '/' }) }
const adult = { onRequest: requireResult(verifier, { request: 'over18', redirect: '/' }) }

const app = fastify()
await app.register(touchstone(verifier))
app.addHook('onRequest', async (_request, reply) => void reply.type('text/html; charset=utf-8'))

app.get(
  '/',
  async () => `<!doctype html><html lang="en"><title>Cellar</title><h1>Cellar</h1>
  <script type="module" src="/touchstone/button.js"></script>
  <touchstone-button request="signIn" next="/account" label="Sign in"></touchstone-button>
  <touchstone-button request="over18" next="/cellar" label="Prove that you are over 18"></touchstone-button>`,
)

app.get('/account', signedIn, async ({ touchstone }) => {
  return `<!doctype html><html lang="en"><title>Account</title><h1>Hello ${touchstone?.login?.pseudonym}</h1>`
})

app.get('/cellar', adult, async () => {
  return '<!doctype html><html lang="en"><title>Cellar</title><h1>You are over 18</h1>'
})

await app.listen({ port: Number(new URL(origin).port), host: '127.0.0.1' })
console.log(`The Fastify example is at ${origin}`)
