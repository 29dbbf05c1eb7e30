import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** What the members of a query and of its definition take, for whoever gave another thing. */
const WANTED: Readonly<Record<string, string>> = {
  type: '"login", "credential", "action" or "vote"',
  id: 'a lower-case letter, and at most 31 letters, digits, _ and - after it',
  issuers: 'a list of 1 to 16 origins, such as https://issuer.example: no path, no slash at the end',
  schema: 'the hash of a schema, 43 characters',
  predicates: 'a list of at most 16 predicates',
  action: 'a name of 1 to 64 characters, none of them invisible',
  notRevokedWithin: 'a whole number of seconds from 60 to 2678400',
  all: 'a list of 1 to 8 queries',
  any: 'a list of 1 to 8 queries',
  returnPath: 'a path of this site',
  purpose: 'a text of 1 to 80 characters, none of them invisible',
  ttl: 'a whole number of seconds from 30 to 600',
}

/**
 * What is wrong with a query or its definition, to stand behind the option's name: the member and what is wanted there,
 * such as `.issuers: must be a list of …`. Never a value that was given.
 */
export function describeFault(error: z.core.$ZodError, value: unknown): string {
  const issue = error.issues[0]
  if (!issue) return ': is of no form that a query has'
  const { path, ...fault } = innermost(issue, value)
  const place = path.map((step) => `.${String(step)}`).join('')
  return `${place}: ${sentenceOf(fault, path)}`
}

type Fault = { readonly code: Issue['code']; readonly message: string; readonly keys?: readonly string[] }

/** Of a query that has none of the three forms, the fault of the one that was meant: `all`, `any`, or a single item. */
function innermost(issue: Issue, value: unknown): Fault & { readonly path: readonly PropertyKey[] } {
  const { path, code, message } = issue
  if (issue.code === 'unrecognized_keys') return { path, code, message, keys: issue.keys }
  if (issue.code !== 'invalid_union') return { path, code, message }
  const here = path.reduce<unknown>((part, step) => (isObject(part) ? part[step] : undefined), value)
  const meant = isObject(here) && 'all' in here ? 1 : isObject(here) && 'any' in here ? 2 : 0
  const inner = isObject(here) ? issue.errors[issue.errors.length === 3 ? meant : 0]?.[0] : undefined
  if (!inner) return { path, code, message }
  const found = innermost(inner, here)
  return { ...found, path: [...path, ...found.path] }
}

function sentenceOf({ code, message, keys }: Fault, path: readonly PropertyKey[]): string {
  if (keys) return `there is no such member: ${keys.map((key) => key.slice(0, 64)).join(', ')}`
  // Within a list the place is a number: the list's own name says what belongs there, or a member of what stands in it.
  const name = path.findLast((step) => typeof step === 'string')
  const wanted = typeof name === 'string' && Object.hasOwn(WANTED, name) ? WANTED[name] : undefined
  if (wanted) return `must be ${wanted}`
  if (path.length === 0 && code !== 'custom') return 'must be a query, such as login()'
  return message
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}
