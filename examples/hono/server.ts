import { serve } from '@hono/node-server'
import { ageOver, createVerifier, login } from '@touchstone/sdk'
import { requireResult, type TouchstoneVariables, touchstone } from '@touchstone/sdk/hono'
import { Hono } from 'hono'

const {
  ORIGIN: origin = 'http://hono.localhost:3003',
  WALLET: walletOrigin = 'http://wallet.localhost:4400',
  ISSUER: issuer = 'http://issuer.localhost:4401',
} = process.env

const verifier = await createVerifier({
  origin,
  walletOrigin,
  requests: { signIn: login(), over18: ageOver(18, { issuers: [issuer] }) },
})
const signedIn = requireResult(verifier, { request: 'signIn', redirect: '/' })
const adult = requireResult(verifier, { request: 'over18', redirect: '/' })

const app = new Hono<{ Variables: TouchstoneVariables }>()
app.use(touchstone(verifier))

app.get('/', (c) =>
  c.html(`<!doctype html><html lang="en"><title>Cellar</title><h1>Cellar</h1>
    <script type="module" src="/touchstone/button.js"></script>
    <touchstone-button request="signIn" next="/account" label="Sign in"></touchstone-button>
    <touchstone-button request="over18" next="/cellar" label="Prove that you are over 18"></touchstone-button>`),
)

app.get('/account', signedIn, (c) =>
  c.html(`<!doctype html><html lang="en"><title>Account</title><h1>Hello ${c.get('touchstone').login?.pseudonym}</h1>`),
)

app.get('/cellar', adult, (c) => c.html('<!doctype html><html lang="en"><title>Cellar</title><h1>You are over 18</h1>'))

serve({ fetch: app.fetch, port: Number(new URL(origin).port) }, () => console.log(`The Hono example is at ${origin}`))
