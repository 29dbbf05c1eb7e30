import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { shownText } from '../../../src/protocol/parse.ts'
import { revocationIdShape } from '../../../src/protocol/status-list.ts'
import { CREDENTIAL_STATES, type CredentialState } from '../../issuer/issuer-tables.ts'
import type { StatusAction } from '../../issuer/status-change.ts'
import { PERSON_DIGITS } from '../../issuer/status-records.ts'
import { ArgumentsError } from '../arguments-error.ts'

/** Where "npm start" keeps what it makes. */
const DATA = resolve(import.meta.dirname, '../../../data')

export const HELP = `What an issuer's operator does. The records are those of "npm start", which may run meanwhile.

  touchstone issuer list [--state <state>] [--person <handle>]
      the credentials, newest first: active, suspended, revoked or superseded
  touchstone issuer revoke    (<identifier> … | --person <handle>) --reason <text>
      for good
  touchstone issuer suspend   (<identifier> … | --person <handle>) --reason <text>
      until it is reinstated
  touchstone issuer reinstate (<identifier> … | --person <handle>) --reason <text>
      a suspended one
  touchstone issuer status
      how many of each, and the newest epoch of the status list
  touchstone issuer epochs
      every epoch there has been: number, time, root
  touchstone issuer person
      the handle of a person; reads {"givenName":…,"familyName":…,"birthDate":…,"documentNumber":…} from standard
      input, so that it stands in no list of processes and no shell's history

  --data <folder>    instead of data/
  --issuer <name>    the issuer's folder in it, instead of issuer/

"npm run issuer -- …" is the same as "npm run touchstone -- issuer …".
The reason is kept in the records and published nowhere. No command shows a claim.
`

/** What was asked for, with the folder of the issuer. */
export type Command = { readonly directory: string } & (
  | { readonly name: 'help' }
  | { readonly name: 'status' | 'epochs' | 'person' }
  | { readonly name: 'list'; readonly state: CredentialState | undefined; readonly person: string | undefined }
  | ChangeCommand
)

export type ChangeCommand = {
  readonly name: StatusAction
  readonly target: { readonly credentials: readonly number[] } | { readonly handle: string }
  readonly reason: string
}

/** Throws {@link ArgumentsError}. */
export function readCommand(line: readonly string[]): Command {
  const { values, positionals } = parsed(line)
  const [name = 'help', ...rest] = positionals
  const directory = join(resolve(values.data), values.issuer)
  if (values.help) return { name: 'help', directory }
  if (!/^[a-z0-9-]+$/.test(values.issuer)) throw new ArgumentsError('--issuer takes the name of a folder')
  switch (name) {
    case 'help':
    case 'status':
    case 'epochs':
    case 'person':
      refuseMore(name, rest, values)
      return { name, directory }
    case 'list':
      refuseMore(name, rest, { reason: values.reason })
      return { name, directory, state: readState(values.state), person: readHandle(values.person) }
    case 'revoke':
    case 'suspend':
    case 'reinstate':
      refuseMore(name, [], { state: values.state })
      return { name, directory, target: readTarget(rest, readHandle(values.person)), reason: readReason(values.reason) }
    default:
      throw new ArgumentsError(`there is no command ${name}: --help lists them`)
  }
}

function parsed(line: readonly string[]) {
  try {
    return parseArgs({
      args: [...line],
      allowPositionals: true,
      options: {
        data: { type: 'string', default: DATA },
        issuer: { type: 'string', default: 'issuer' },
        state: { type: 'string' },
        person: { type: 'string' },
        reason: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (cause) {
    throw new ArgumentsError(cause instanceof Error ? cause.message : 'unreadable', { cause })
  }
}

type Extras = { readonly [Option in 'state' | 'person' | 'reason']?: string | undefined }

/** What a command would pass over in silence, somebody meant. */
function refuseMore(name: string, positionals: readonly string[], { state, person, reason }: Extras): void {
  const more = positionals[0] ?? state ?? person ?? reason
  if (more !== undefined) throw new ArgumentsError(`${name} does not take "${more}"`)
}

function readState(text: string | undefined): CredentialState | undefined {
  const state = CREDENTIAL_STATES.find((each) => each === text)
  if (text !== undefined && !state) throw new ArgumentsError(`--state takes one of ${CREDENTIAL_STATES.join(', ')}`)
  return state
}

function readHandle(text: string | undefined): string | undefined {
  if (text !== undefined && !new RegExp(`^[0-9a-f]{${PERSON_DIGITS},64}$`).test(text)) {
    throw new ArgumentsError(`--person takes the ${PERSON_DIGITS} digits that "list" or "person" shows`)
  }
  return text
}

function readTarget(texts: readonly string[], handle: string | undefined) {
  if ((texts.length === 0) === (handle === undefined)) {
    throw new ArgumentsError('name either revocation identifiers or a --person')
  }
  return handle === undefined ? { credentials: [...new Set(texts.map(readIdentifier))] } : { handle }
}

function readIdentifier(text: string): number {
  const identifier = /^\d{1,7}$/.test(text) ? revocationIdShape.safeParse(Number(text)).data : undefined
  if (identifier === undefined) throw new ArgumentsError(`"${text}" is no revocation identifier`)
  return identifier
}

const REASON_LENGTH = 200

function readReason(text: string | undefined): string {
  const reason = shownText(REASON_LENGTH).safeParse(text?.trim()).data
  if (reason === undefined) throw new ArgumentsError(`--reason takes 1 to ${REASON_LENGTH} characters of one line`)
  return reason
}
