import { requireNode } from './node-version.mjs'

requireNode()
const { main } = await import('./dev.ts')
await main()
