import { ageOver, createVerifier, login } from '@touchstone/sdk'
import { requireResult, touchstone } from '@touchstone/sdk/express'
import express from 'express'

const {
  ORIGIN: origin = 'http://express.localhost:3001',
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

const app = express()
app.use(touchstone(verifier))

app.get('/', (_request, response) => {
  response.send(`<!doctype html><html lang="en"><title>Cellar</title><h1>Cellar</h1>
    <script type="module" src="/touchstone/button.js"></script>
    <touchstone-button request="signIn" next="/account" label="Sign in"></touchstone-button>
    <touchstone-button request="over18" next="/cellar" label="Prove that you are over 18"></touchstone-button>`)
})

app.get('/account', signedIn, (request, response) => {
  response.send(
    `<!doctype html><html lang="en"><title>Account</title><h1>Hello ${request.touchstone?.login?.pseudonym}</h1>`,
  )
})

app.get('/cellar', adult, (_request, response) => {
  response.send('<!doctype html><html lang="en"><title>Cellar</title><h1>You are over 18</h1>')
})

app.listen(Number(new URL(origin).port), () => console.log(`The Express example is at ${origin}`))
