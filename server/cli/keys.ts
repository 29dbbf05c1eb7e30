import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { makeKeyRing, parseKeyRing, readKeyRing, serializeKeyRing } from '../../sdk/server/signing-key-file.ts'
import { rotateSigningKey } from '../../sdk/server.ts'
import { type Environment, readLedgerPlace } from '../service/configuration.ts'
import { ArgumentsError } from './arguments-error.ts'
import { CommandError } from './command-error.ts'
import type { AddCommand } from './main.ts'

/** `touchstone keys`: the keys that sign requests, and new secrets. A private half is shown only when it is made. */
export const keysCommand: AddCommand = (program, { write, environment }) => {
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
    .description('put a new signing key into the file; running processes notice within seconds')
    .option('--immediately', 'for a key that was stolen: all older ones stop counting now, and open sessions are lost')
    .action(async ({ immediately = false }: { immediately?: boolean }) => {
      const { signingKey } = readLedgerPlace(environment)
      if (!('path' in signingKey)) {
        throw new ArgumentsError(
          'the key is in the environment: make another by "keys make signing-key" and put it there',
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
    .description('what TOUCHSTONE_SIGNING_KEY holds, for processes without a disk of their own')
    .option('--out <file>', 'into a new file that its owner alone can read, not to the terminal')
    .action(async ({ out }: { out?: string }) => {
      const text = serializeKeyRing(await makeKeyRing())
      if (out === undefined) return write(text)
      try {
        writeFileSync(out, text, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
        throw new CommandError('key_file_exists', `${out} is there already: overwritten, its key would be lost`)
      }
    })
}

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
