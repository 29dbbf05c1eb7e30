import { PRESENTATION_STATUSES } from '../../src/verifier/status.ts'
import { PAGE_ERROR_CODES } from '../page/error-codes.ts'
import { httpStatusOf, SERVER_ERROR_CODES } from './error-codes.ts'

/**
 * Every code as the table of sdk/README.md, in Markdown: `npm exec -- node -e
 * "import('./sdk/server/error-table.ts').then(m => console.log(m.errorTable()))"`. A test compares the two.
 */
export function errorTable(): string {
  const server = Object.entries(SERVER_ERROR_CODES).map(([code, { retryable, advice }]) => ({
    code,
    retryable,
    advice,
  }))
  const page = Object.entries(PAGE_ERROR_CODES).map(([code, { retryable, advice }]) => ({ code, retryable, advice }))
  return [
    ...table('A refused presentation', Object.values(PRESENTATION_STATUSES), true),
    ...table('The server', server, true),
    ...table('The page', page, false),
  ].join('\n')
}

type Row = { readonly code: string; readonly retryable: boolean; readonly advice: string }

function table(title: string, rows: readonly Row[], withStatus: boolean): string[] {
  const lines = rows.map(({ code, retryable, advice }) => {
    const status = withStatus ? `${httpStatusOf(code)}` : ''
    return `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${advice} |`
  })
  return [`### ${title}`, '', '| code | HTTP | retry | what it means, what to do |', '|---|---|---|---|', ...lines, '']
}
