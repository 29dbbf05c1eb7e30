import { requireNode } from './node-version.mjs'

requireNode()
await import('./demo.ts')
