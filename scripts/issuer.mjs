import { requireNode } from './node-version.mjs'

requireNode()
const { main } = await import('./issuer.ts')
await main()
