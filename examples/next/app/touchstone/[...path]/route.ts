import { touchstone } from '@touchstone/sdk/next'
import { verifier } from '../../../lib/verifier.ts'

export const { GET, POST, OPTIONS } = touchstone(verifier)
