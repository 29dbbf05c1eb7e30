import { requireNode } from './node-version.mjs'

requireNode()
const { main } = await import('./start.ts')
await main()
