/**
 * What an issuer's operator does to credentials: `npm run issuer -- --help` has the commands.
 */
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { type IssuerRecords, KEYS_FOLDER, openIssuerRecords } from '../server/issuer/issuer-records.ts'
import { loadPersonNamer } from '../server/issuer/person.ts'
import {
  countCredentials,
  findPerson,
  listCredentials,
  listEpochs,
  personHandle,
} from '../server/issuer/status-records.ts'
import { ArgumentsError, type ChangeCommand, type Command, HELP, readCommand } from './issuer/arguments.ts'
import { credentialTable, epochTable, moment } from './issuer/tables.ts'
import { explain } from './start/explain.ts'

/** Ends with one line and the code for whatever the operator can mend. */
async function main(): Promise<void> {
  try {
    process.stdout.write(`${(await run(readCommand(process.argv.slice(2)))).trimEnd()}\n`)
  } catch (error) {
    const line = explain(error)
    if (line === undefined) throw error
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    process.stderr.write(`${line}${code}\n`)
    process.exitCode = 1
  }
}

async function run(command: Command): Promise<string> {
  if (command.name === 'help') return HELP
  const opened = await openIssuerRecords(command.directory)
  try {
    return await answer(opened, command)
  } finally {
    await opened.database.close()
  }
}

async function answer(opened: IssuerRecords, command: Exclude<Command, { name: 'help' }>): Promise<string> {
  const { database } = opened
  switch (command.name) {
    case 'status':
      return summary(opened)
    case 'epochs':
      return epochTable(await database.read(listEpochs))
    case 'person':
      return personHandle(await namePerson(command.directory))
    case 'list': {
      const { state, person: handle } = command
      const person = handle === undefined ? undefined : await database.read((records) => findPerson(records, handle))
      const credentials = await database.read((records) =>
        listCredentials(records, { ...(state && { state }), ...(person && { person }) }),
      )
      return credentialTable(credentials)
    }
    default:
      return change(opened, command)
  }
}

const DONE = { revoke: 'Revoked', suspend: 'Suspended', reinstate: 'Reinstated' } as const

async function change({ status, database }: IssuerRecords, { name, target, reason }: ChangeCommand): Promise<string> {
  const { credentials, epoch } = await status.change({
    action: name,
    target:
      'handle' in target
        ? { person: await database.read((records) => findPerson(records, target.handle)) }
        : { credentials: target.credentials },
    reason,
    now: Math.floor(Date.now() / 1000),
  })
  const count = credentials.length === 1 ? '1 credential' : `${credentials.length} credentials`
  return `${DONE[name]} ${count}: ${credentials.join(', ')}.
Epoch ${epoch.epoch} of ${epoch.issuer} says so, published ${moment(epoch.publishedAt)}.`
}

async function summary({ database }: IssuerRecords): Promise<string> {
  const counts = await database.read(countCredentials)
  const epochs = await database.read(listEpochs)
  const [newest] = epochs
  return [
    counts.length === 0 ? 'No credentials.' : counts.map(({ state, count }) => `${count} ${state}`).join(', '),
    newest && `Epoch ${newest.epoch} of ${newest.issuer}, published ${moment(newest.published_at)}.`,
  ]
    .filter(Boolean)
    .join('\n')
}

const identityShape = z.strictObject({
  givenName: z.string(),
  familyName: z.string(),
  birthDate: z.string(),
  documentNumber: z.string(),
})

async function namePerson(directory: string): Promise<Uint8Array> {
  const identity = readIdentity(await text(process.stdin))
  return loadPersonNamer(join(directory, KEYS_FOLDER))(identity)
}

function readIdentity(given: string): z.infer<typeof identityShape> {
  try {
    return identityShape.parse(JSON.parse(given))
  } catch {
    // Without the cause: a parser's message may quote what it read.
    throw new ArgumentsError('person reads a JSON object with givenName, familyName, birthDate and documentNumber')
  }
}

if (import.meta.main) await main()
