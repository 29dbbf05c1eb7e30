import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { type IssuerDatabase, openIssuerDatabase } from './issuer-database.ts'
import { createEpochPublisher, newestEpoch } from './status-epochs.ts'
import { StatusError } from './status-error.ts'
import { loadStatusKey } from './status-key.ts'
import { createStatusStore, type StatusStore } from './status-store.ts'

/** The issuer's database in its folder. */
export const DATABASE_FILE = 'issuer.sqlite'

/** The issuer's keys below its folder. */
export const KEYS_FOLDER = 'keys'

/** What an operator works on: the standing of credentials, and the database behind it, which whoever opened it closes. */
export type IssuerRecords = { readonly status: StatusStore; readonly database: IssuerDatabase }

/**
 * Opens the records of an issuer that has been started before, whether it runs now or not: what is changed here the
 * running server publishes at once, for it asks the database each time. Throws StatusError `issuer_records_missing`,
 * SecretFileError.
 */
export async function openIssuerRecords(directory: string): Promise<IssuerRecords> {
  const path = join(directory, DATABASE_FILE)
  if (!existsSync(path)) throw missing(directory)
  const database = await openIssuerDatabase(path)
  try {
    // Epochs are signed for an origin, which is the server's to say; it has published one under it.
    const newest = await database.read(newestEpoch)
    if (!newest || newest.keys === null) throw missing(directory)
    const origin = parseOrigin(newest.issuer)
    const source = { origin, key: await loadStatusKey(join(directory, KEYS_FOLDER)) }
    const publish = createEpochPublisher(source)
    return { status: createStatusStore({ database, publish, source }), database }
  } catch (error) {
    await database.close()
    throw error
  }
}

function missing(directory: string): StatusError {
  return new StatusError(
    'issuer_records_missing',
    `${directory} holds no issuer's records. Start the issuer once, or name its folder.`,
  )
}
