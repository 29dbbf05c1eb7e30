import { openIssuerRecords } from '../../server/issuer/issuer-records.ts'
import { listCredentials } from '../../server/issuer/status-records.ts'

/** Revokes what an issuer issued last, as its operator does with `npm run issuer -- revoke`, beside the running issuer. */
export async function takeBackNewest(directory: string): Promise<void> {
  const { status, database } = await openIssuerRecords(directory)
  try {
    const [newest] = await database.read((records) => listCredentials(records, { state: 'active' }))
    if (!newest) throw new Error('the issuer has issued nothing')
    const now = Math.floor(Date.now() / 1000)
    await status.change({ action: 'revoke', target: { credentials: [newest.revocationId] }, reason: 'demo', now })
  } finally {
    await database.close()
  }
}
