import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { type IssuerRecords, KEYS_FOLDER, openIssuerRecords } from '../../issuer/issuer-records.ts'
import { loadPersonNamer } from '../../issuer/person.ts'
import { countCredentials, findPerson, listCredentials, listEpochs, personHandle } from '../../issuer/status-records.ts'
import { ArgumentsError } from '../arguments-error.ts'
import type { AddCommand } from '../main.ts'
import { type ChangeCommand, type Command, HELP, readCommand } from './arguments.ts'
import { credentialTable, epochTable, moment } from './tables.ts'

/** `touchstone issuer`: what an issuer's operator does to credentials. It reads its own part of the line. */
export const issuerCommand: AddCommand = (program, { write, stdin }) => {
  program
    .command('issuer')
    .description('what an issuer’s operator does to credentials: list, revoke, suspend, reinstate …')
    .argument('[line...]')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (line: string[]) => {
      write(`${(await run(readCommand(line), stdin)).trimEnd()}\n`)
    })
}

async function run(command: Command, stdin: Readable): Promise<string> {
  if (command.name === 'help') return HELP
  const opened = await openIssuerRecords(command.directory)
  try {
    return await answer(opened, command, stdin)
  } finally {
    await opened.database.close()
  }
}

async function answer(
  opened: IssuerRecords,
  command: Exclude<Command, { name: 'help' }>,
  stdin: Readable,
): Promise<string> {
  const { database } = opened
  switch (command.name) {
    case 'status':
      return summary(opened)
    case 'epochs':
      return epochTable(await database.read(listEpochs))
    case 'person':
      return personHandle(await namePerson(command.directory, stdin))
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

async function namePerson(directory: string, stdin: Readable): Promise<Uint8Array> {
  const identity = readIdentity(await text(stdin))
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
