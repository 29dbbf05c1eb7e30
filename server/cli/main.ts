import { Command, CommanderError } from 'commander'
import { doctorCommand } from './doctor.ts'
import { explainFailure } from './explain-failure.ts'
import { issuerCommand } from './issuer/run.ts'
import { keysCommand } from './keys.ts'
import { ledgerCommand } from './ledger.ts'
import { serveCommand } from './serve.ts'
import type { Surroundings } from './surroundings.ts'

/** Runs one command line (without the program's own name); gives the exit code. */
export async function runCommand(line: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode = 0
  const program = new Command('touchstone')
    .description('The relying party’s service and its ledger, its keys, and the issuer’s records.')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.write,
      writeErr: surroundings.complain,
      outputError: (text, write) => write(`${text.trimEnd()} (arguments_invalid)\n`),
    })
    .addHelpText('after', '\nConfigured by the environment: docs/service.md has every variable.')
  for (const add of COMMANDS) {
    add(program, surroundings, (code) => {
      exitCode = code
    })
  }
  try {
    await program.parseAsync([...line], { from: 'user' })
    return exitCode
  } catch (error) {
    // Its message is written already.
    if (error instanceof CommanderError) return error.exitCode
    const { line: text, exitCode: failed } = explainFailure(error)
    surroundings.complain(`${text}\n`)
    return failed
  }
}

/** Adds a command to the program; `end` sets the exit code of one that ends neither well nor by an error. */
export type AddCommand = (program: Command, surroundings: Surroundings, end: (exitCode: number) => void) => void

const COMMANDS: readonly AddCommand[] = [serveCommand, doctorCommand, keysCommand, ledgerCommand, issuerCommand]
