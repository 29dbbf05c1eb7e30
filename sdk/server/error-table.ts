import { PRESENTATION_STATUSES } from '../../src/verifier/status.ts'
import { PAGE_ERROR_CODES } from '../page/error-codes.ts'
import { ENGLISH } from '../page/words/en.ts'
import { messageKey } from '../touchstone-error.ts'
import { httpStatusOf, SERVER_ERROR_CODES } from './error-codes.ts'

/** Every code as the tables of sdk/README.md, in Markdown. `npm run errors` writes them there; a test compares. */
export function errorTable(): string {
  return [
    ...table('A refused presentation', Object.values(PRESENTATION_STATUSES), true),
    ...table('The server', rowsOf(SERVER_ERROR_CODES), true),
    ...table('The page', rowsOf(PAGE_ERROR_CODES), false),
  ].join('\n')
}

type Row = { readonly code: string; readonly retryable: boolean; readonly advice: string }

function rowsOf(codes: Readonly<Record<string, Omit<Row, 'code'>>>): Row[] {
  return Object.entries(codes).map(([code, { retryable, advice }]) => ({ code, retryable, advice }))
}

function table(title: string, rows: readonly Row[], withStatus: boolean): string[] {
  const lines = rows.map(({ code, retryable, advice }) => {
    const status = withStatus ? `${httpStatusOf(code)}` : ''
    const key = messageKey(code)
    const words = Object.hasOwn(ENGLISH, key) ? `\`${key}\`` : ''
    return `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${words} | ${advice} |`
  })
  return [
    `### ${title}`,
    '',
    '| code | HTTP | retry | words | what it means, what to do |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ]
}
