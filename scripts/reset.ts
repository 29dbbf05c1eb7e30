/**
 * Removes what this deployment has made for itself.
 *
 *     npm run reset              says what goes, and asks
 *     npm run reset -- --yes     does not ask
 *     npm run reset -- --data <folder>
 */
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { PROJECT_ROOT } from './circuits/compile.ts'

/** The folders that Touchstone makes below its data folder; nothing else there is touched. */
const CONTENT: Readonly<Record<string, string>> = {
  keys: 'this deployment’s proving keys: the next start makes others, and a wallet built for these is no longer served',
  issuer: 'the demo issuer’s signing key and records: credentials it signed are no longer believed',
  forum: 'the forum’s accounts and messages',
  wine: 'the wine shop’s sessions',
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(PROJECT_ROOT, 'data') },
      yes: { type: 'boolean', default: false },
    },
  })
  const data = resolve(values.data)
  const present = Object.keys(CONTENT).filter((name) => existsSync(join(data, name)))
  const shown = relative(process.cwd(), data) || data
  if (present.length === 0) {
    stdout.write(`Nothing to remove in ${shown}.\n`)
    return
  }
  stdout.write(`This removes from ${shown}:\n${present.map((name) => `  ${name}/  ${CONTENT[name]}\n`).join('')}`)
  stdout.write('Wallets live in browsers and stay there: reset one in its settings.\n')
  if (!values.yes && !(await confirmed())) {
    stdout.write('Nothing was removed.\n')
    process.exitCode = 1
    return
  }
  for (const name of present) await rm(join(data, name), { recursive: true })
  if (existsSync(data) && (await readdir(data)).length === 0) await rm(data, { recursive: true })
  stdout.write('Removed.\n')
}

/** Without a terminal nobody can answer, and no answer is no. */
async function confirmed(): Promise<boolean> {
  if (!stdin.isTTY) {
    stdout.write('Give --yes to remove it without being asked.\n')
    return false
  }
  const reader = createInterface({ input: stdin, output: stdout })
  const answer = await reader.question('Remove all of it? Type "yes": ')
  reader.close()
  return answer.trim().toLowerCase() === 'yes'
}

if (import.meta.main) await main()
