import { createInterface } from 'node:readline/promises'
import type { LedgerHead, Store } from '../../sdk/server/store/store.ts'
import { readLedgerPlace } from '../service/configuration.ts'
import { ArgumentsError } from './arguments-error.ts'
import { CommandError } from './command-error.ts'
import type { AddCommand } from './main.ts'
import { withLedger } from './open-ledger.ts'
import type { Surroundings } from './surroundings.ts'

const DAY_MS = 86_400_000

/** `touchstone ledger`: what an operator does to the ledger, beside the service that may run. */
export const ledgerCommand: AddCommand = (program, surroundings) => {
  const { write, environment } = surroundings
  const ledger = program
    .command('ledger')
    .description(
      'the audit log and the used names: TOUCHSTONE_DATA, TOUCHSTONE_DATABASE, TOUCHSTONE_SIGNING_KEY say where',
    )

  ledger
    .command('verify')
    .description('walk the audit log, and name the first row that is not as it was written')
    .option(
      '--known <head>',
      'a head that was noted before, as "number:hash": shows also a log that was set back whole',
    )
    .option('--json', 'one JSON object')
    .action(async ({ known, json }: { known?: string; json?: true }) => {
      const options = known === undefined ? {} : { known: readHead(known) }
      const verdict = await withLedger(readLedgerPlace(environment), ({ ledger }) => ledger.verify(options))
      if (json) write(`${JSON.stringify(verdict)}\n`)
      if (!verdict.valid) {
        throw new CommandError('ledger_invalid', `row ${verdict.seq} of the audit log: ${verdict.code}`)
      }
      const { rows, head } = verdict
      if (!json) write(`${rows} rows, each as it was written. Note the head: ${head.seq}:${head.hash}\n`)
    })

  ledger
    .command('export')
    .description('the audit rows and used names as lines of JSON; no name is in clear')
    .action(async () => {
      await withLedger(
        readLedgerPlace(environment),
        async ({ ledger }) => {
          for await (const line of ledger.export()) write(line)
        },
        { acceptOtherKey: true },
      )
    })

  ledger
    .command('acknowledge')
    .description('begin the audit log anew, after it was found changed or its secret was replaced; export it first')
    .option('--yes', 'do not ask')
    .action(async ({ yes }: { yes?: true }) => {
      const acknowledge = async ({ ledger: opened }: Store) => {
        const found = await opened.verify()
        if (found.valid) return write('Nothing to acknowledge: each row is as it was written.\n')
        const what = `Row ${found.seq} of the audit log: ${found.code}.`
        if (!yes) await confirm(`${what} What came before will not be vouched for. Type "yes": `, surroundings)
        await opened.acknowledge({ now: Date.now() })
        const now = await opened.verify()
        if (!now.valid) throw new CommandError('ledger_invalid', `row ${now.seq} of the audit log: ${now.code}`)
        write(`${what} Acknowledged; the log begins anew. Note the head: ${now.head.seq}:${now.head.hash}\n`)
      }
      await withLedger(readLedgerPlace(environment), acknowledge, { acceptOtherKey: true })
    })

  ledger
    .command('prune')
    .description('drop audit rows, sessions and visits that are older; used names stay')
    .requiredOption('--days <number>', 'older than this many days, 1 at least')
    .option('--dry-run', 'only count')
    .option('--yes', 'do not ask')
    .option('--json', 'one JSON object')
    .action(async ({ days, dryRun, yes, json }: { days: string; dryRun?: true; yes?: true; json?: true }) => {
      const now = Date.now()
      const before = now - readDays(days) * DAY_MS
      await withLedger(readLedgerPlace(environment), async ({ ledger }) => {
        const found = await ledger.prune({ before, now, dryRun: true })
        const report = (dropped: boolean, counts: typeof found) =>
          json
            ? JSON.stringify({ dropped, ...counts })
            : `${dropped ? 'Dropped' : 'This would drop'} ${wordsOf(counts)}.`
        if (dryRun) return write(`${report(false, found)}\n`)
        if (!yes) await confirm(`${report(false, found)} Type "yes": `, surroundings)
        write(`${report(true, await ledger.prune({ before, now }))}\n`)
      })
    })
}

function wordsOf({ audit, sessions, visits }: { audit: number; sessions: number; visits: number }): string {
  return `${audit} audit rows, ${sessions} sessions, ${visits} visits`
}

function readDays(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new ArgumentsError('--days takes a whole number from 1')
  return Number(text)
}

function readHead(text: string): LedgerHead {
  const [, seq, hash] = /^(\d{1,15}):([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined) throw new ArgumentsError('--known takes what "ledger verify" printed')
  return { seq: Number(seq), hash }
}

/** Without a terminal nobody can answer, and no answer is no. */
async function confirm(question: string, { stdin, write }: Surroundings): Promise<void> {
  if (!stdin.isTTY) throw new CommandError('confirmation_missing', 'give --yes to drop it without being asked')
  const reader = createInterface({ input: stdin })
  write(question)
  const { value } = await reader[Symbol.asyncIterator]().next()
  reader.close()
  if (value?.trim().toLowerCase() !== 'yes') throw new CommandError('confirmation_missing', 'nothing was dropped')
}
