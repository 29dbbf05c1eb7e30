import { findResult } from '@touchstone/sdk/next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { verifier } from '../../lib/verifier.ts'

export default async function Account() {
  const result = await findResult(verifier, { request: 'signIn', headers: await headers() })
  if (!result) redirect('/')
  return <h1>Hello {result.login?.pseudonym}</h1>
}
