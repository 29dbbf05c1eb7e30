import { findResult } from '@touchstone/sdk/next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { verifier } from '../../lib/verifier.ts'

export default async function Cellar() {
  const result = await findResult(verifier, { request: 'over18', headers: await headers() })
  if (!result) redirect('/')
  return <h1>You are over 18</h1>
}
