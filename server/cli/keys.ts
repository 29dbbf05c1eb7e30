import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { rotateKeyRing } from '../../sdk/server/signing-key.ts'
import { makeKeyRing, parseKeyRing, readKeyRing, serializeKeyRing } from '../../sdk/server/signing-key-file.ts'
import { rotateSigningKey } from '../../sdk/server.ts'
import { type Environment, readLedgerPlace } from '../service/configuration.ts'
import { ArgumentsError } from './arguments-error.ts'
import { CommandError } from './command-error.ts'
import type { AddCommand } from './main.ts'

/** `touchstone keys`: the keys that sign requests, and new secrets. A private half is shown only when it is made. */
export const keysCommand: AddCommand = (program, { write, complain, environment, stdin }) => {
  const keys = program
    .command('keys')
    .description('the keys that sign requests (TOUCHSTONE_DATA or TOUCHSTONE_SIGNING_KEY), and new secrets')

  keys
    .command('list')
    .description('the signing keys, newest first')
    .option('--json', 'one JSON object')
    .action(({ json }: { json?: true }) => {
      const listed = readRing(environment).keys.map(({ signsFrom, jwk }) => ({ kid: jwk.kid, signsFrom }))
      if (json) return write(`${JSON.stringify({ keys: listed })}\n`)
      for (const { kid, signsFrom } of listed) write(`${kid}  signs from ${momentOf(signsFrom)}\n`)
    })

  keys
    .command('rotate')
    .description('put a new signing key into the file, beside the same secret; running processes notice within seconds')
    .option('--immediately', 'for a key that was stolen: all older ones stop counting now, and open sessions are lost')
    .option('--json', 'change nothing: print what is to be put into TOUCHSTONE_SIGNING_KEY, with the same secret')
    .option('--stdin', 'with --json: the current value comes by standard input')
    .action(async ({ immediately = false, json, stdin: piped }: RotateOptions) => {
      if (piped && !json) throw new ArgumentsError('--stdin goes with --json')
      if (json) {
        const ring = piped ? parseKeyRing(await text(stdin), 'standard input') : readRing(environment)
        const surroundings = { clock: () => new Date(), immediately, leadSeconds: RESTART_SECONDS }
        const rotated = await rotateKeyRing(ring, 'the ring', surroundings)
        write(serializeKeyRing(rotated.ring))
        return complain(
          `${rotated.kid} signs from ${momentOf(rotated.signsFrom.getTime() / 1000)}: every process must have it by then\n`,
        )
      }
      const { signingKey } = readLedgerPlace(environment)
      if (!('path' in signingKey)) {
        throw new ArgumentsError(
          'the key is in the environment: "keys rotate --json" prints it with another key and the same secret; put that there',
        )
      }
      const { kid, signsFrom } = await rotateSigningKey(signingKey.path, { immediately })
      write(`${kid} signs from ${momentOf(signsFrom.getTime() / 1000)}\n`)
    })

  const make = keys.command('make').description('new secrets')
  make
    .command('api-key')
    .description('a key for the site’s backend, and the hash that TOUCHSTONE_API_KEYS may have in its place')
    .action(() => {
      const key = `tsk_${randomBytes(32).toString('base64url')}`
      write(`${key}\nsha256:${createHash('sha256').update(key).digest('hex')}\n`)
    })
  make
    .command('signing-key')
    .description('what TOUCHSTONE_SIGNING_KEY holds, with a new secret: for a new store, not to rotate the key of one')
    .option('--out <file>', 'into a new file that its owner alone can read, not to the terminal')
    .action(async ({ out }: { out?: string }) => {
      const made = serializeKeyRing(await makeKeyRing())
      if (out === undefined) return write(made)
      try {
        writeFileSync(out, made, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
        throw new CommandError('key_file_exists', `${out} is there already: overwritten, its key would be lost`)
      }
    })
}

type RotateOptions = { readonly immediately?: boolean; readonly json?: true; readonly stdin?: true }

/** Processes that have the ring in their environment learn of a new key when they are started again, one after another. */
const RESTART_SECONDS = 600

function readRing(environment: Environment) {
  const { signingKey } = readLedgerPlace(environment)
  if ('json' in signingKey) return parseKeyRing(signingKey.json, 'TOUCHSTONE_SIGNING_KEY')
  const ring = readKeyRing(signingKey.path)
  if (!ring)
    throw new CommandError('ledger_missing', `there is no ${signingKey.path}: is TOUCHSTONE_DATA the service’s own?`)
  return ring
}

function momentOf(seconds: number): string {
  return seconds === 0
    ? 'the beginning'
    : `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
