import { ageOver, createVerifier, login } from '@touchstone/sdk'
import { openOnce } from '@touchstone/sdk/next'

const {
  ORIGIN: origin = 'http://next.localhost:3004',
  WALLET: walletOrigin = 'http://wallet.localhost:4400',
  ISSUER: issuer = 'http://issuer.localhost:4401',
} = process.env

export const verifier = openOnce(() =>
  createVerifier({
    origin,
    walletOrigin,
    requests: { signIn: login(), over18: ageOver(18, { issuers: [issuer] }) },
    // "next start" is for production, and this example is at home on localhost.
    mode: 'development',
  }),
)
