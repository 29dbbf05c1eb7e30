import { readFileSync } from 'node:fs'
import { isObject } from '../../sdk/server/is-object.ts'
import type { ConfigurationFault } from './configuration-error.ts'

const VARIABLE = 'TOUCHSTONE_REQUESTS'

/**
 * The requests by name, as `createVerifier` takes them and checks them: each a query, or `{ query, returnPath }`. What
 * cannot be read as JSON is a fault here; undefined then.
 */
export function readRequestsFile(
  path: string,
  faults: ConfigurationFault[],
): Readonly<Record<string, unknown>> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    faults.push({ variable: VARIABLE, message: `the file ${path} cannot be read (${reason})` })
    return undefined
  }
  try {
    const requests: unknown = JSON.parse(text)
    if (isObject(requests) && Object.keys(requests).length > 0) return requests
  } catch {
    // Said below: a parser's message may quote what it read.
  }
  faults.push({ variable: VARIABLE, message: `the file ${path} holds no JSON object with a request by its name` })
  return undefined
}
