import { requireNode } from './node-version.mjs'

requireNode()
const { main } = await import('./reset.ts')
await main()
