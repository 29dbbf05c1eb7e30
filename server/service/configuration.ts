import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError, type ConfigurationFault } from './configuration-error.ts'
import { VARIABLES, type Values, type Variable, type VariableNotes } from './environment.ts'
import { findProductionFaults } from './production-rules.ts'
import { readRequestsFile } from './requests-file.ts'

/** The configuration, checked; secrets come out of it as they are, so no part of it is ever logged. */
export type ServiceConfiguration = Omit<Values, 'TOUCHSTONE_REQUESTS' | 'TOUCHSTONE_SIGNING_KEY'> & {
  readonly TOUCHSTONE_REQUESTS: Readonly<Record<string, unknown>>
  readonly TOUCHSTONE_SIGNING_KEY: { readonly json: string } | { readonly path: string }
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the service's configuration from the environment, and from nowhere else: `<name>_FILE` names a file that holds a
 * secret. An empty value is none. Throws {@link ConfigurationError} with everything that is wrong.
 */
export function readConfiguration(environment: Environment): ServiceConfiguration {
  const { values, requests, faults } = inspectConfiguration(environment)
  if (faults.length > 0) throw new ConfigurationError(faults)
  return {
    // Without a fault every variable has parsed.
    ...(values as Values),
    TOUCHSTONE_REQUESTS: requests ?? {},
    TOUCHSTONE_SIGNING_KEY: signingKeyOf(values, environment),
  }
}

/** The same for whoever looks for faults: what could be read, and everything that is wrong. Never throws. */
export function inspectConfiguration(environment: Environment) {
  const { values, faults } = readValues(environment)
  const path = values.TOUCHSTONE_REQUESTS
  const requests = path === undefined ? undefined : readRequestsFile(path, faults)
  if (values.TOUCHSTONE_MODE !== 'development') {
    // What could not be read is missing from the values: it is said once, and not that it is missing too.
    const said = new Set(faults.map(({ variable }) => variable))
    const found = findProductionFaults(values, secretFiles(environment))
    faults.push(...found.filter(({ variable }) => !said.has(variable)))
  }
  return { values, requests, faults }
}

const LEDGER_VARIABLES: readonly string[] = ['TOUCHSTONE_DATA', 'TOUCHSTONE_DATABASE', 'TOUCHSTONE_SIGNING_KEY']

/** Where the ledger and the key of its log are: the part of the configuration that commands beside the service need. */
export type LedgerPlace = {
  readonly store: { readonly path: string } | { readonly url: string }
  readonly signingKey: { readonly json: string } | { readonly path: string }
}

/** Reads only that part; what else the environment says, or lacks, is not looked at. Throws {@link ConfigurationError}. */
export function readLedgerPlace(environment: Environment): LedgerPlace {
  const { values, faults } = readValues(environment)
  const own = faults.filter(({ variable }) =>
    LEDGER_VARIABLES.some((name) => variable === name || variable === fileOf(name)),
  )
  if (own.length > 0) throw new ConfigurationError(own)
  const store = values.TOUCHSTONE_DATABASE ?? { path: join(dataOf(values), 'touchstone.sqlite') }
  return { store, signingKey: signingKeyOf(values, environment) }
}

function readValues(environment: Environment): { values: Partial<Values>; faults: ConfigurationFault[] } {
  const faults: ConfigurationFault[] = []
  const texts = readTexts(environment, faults)
  const values: { [Name in Variable]?: unknown } = {}
  for (const [name, { shape }] of entriesOf(VARIABLES)) {
    const text = texts.get(name)
    const parsed = shape.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else if (text !== undefined || !faults.some(({ variable }) => variable === fileOf(name))) {
      faults.push({ variable: name, message: complaint(name, text) })
    }
  }
  // Each value that is there came out of its own shape.
  return { values: values as Partial<Values>, faults }
}

/** A file stays a file: a rotation in it is noticed by the processes that run. */
function signingKeyOf(values: Partial<Values>, environment: Environment): LedgerPlace['signingKey'] {
  const { TOUCHSTONE_SIGNING_KEY: json } = values
  const file = environment[fileOf('TOUCHSTONE_SIGNING_KEY')]
  if (file) return { path: file }
  return json === undefined ? { path: join(dataOf(values), 'signing-key.json') } : { json }
}

function dataOf({ TOUCHSTONE_DATA: data = 'touchstone' }: Partial<Values>): string {
  return data
}

const PREFIX = 'TOUCHSTONE_'
const FILE = '_FILE'

function fileOf(name: string): string {
  return name + FILE
}

/** Every variable's text, and a fault for whatever begins with our prefix and is none of ours: it is a slip of the pen. */
function readTexts(environment: Environment, faults: ConfigurationFault[]): Map<Variable, string> {
  const texts = new Map<Variable, string>()
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '') continue
    const plain = name.endsWith(FILE) ? name.slice(0, -FILE.length) : name
    if (!isVariable(plain) || (plain !== name && !notesOf(plain).isSecret)) {
      faults.push({ variable: name, message: 'there is no such variable' })
    } else if (plain === name) {
      texts.set(plain, value)
    } else if (environment[plain]) {
      faults.push({ variable: name, message: `give this or ${plain}, not both` })
    } else {
      const text = readSecret(name, value, faults)
      if (text !== undefined) texts.set(plain, text)
    }
  }
  return texts
}

function readSecret(name: string, path: string, faults: ConfigurationFault[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    faults.push({ variable: name, message: `the file ${path} cannot be read (${reason})` })
    return undefined
  }
}

/** The files of secrets that are named and there, with their permissions. */
function secretFiles(environment: Environment): { variable: string; path: string; mode: number }[] {
  return Object.keys(VARIABLES).flatMap((name) => {
    const variable = fileOf(name)
    const path = environment[variable]
    const stat = path ? statSync(path, { throwIfNoEntry: false }) : undefined
    return path && stat ? [{ variable, path, mode: stat.mode }] : []
  })
}

function complaint(name: Variable, text: string | undefined): string {
  const { expected, isSecret } = notesOf(name)
  if (text === undefined) return `is missing; wanted: ${expected}`
  return isSecret
    ? `what it holds is not right; wanted: ${expected}`
    : `is ${JSON.stringify(text)}; wanted: ${expected}`
}

function notesOf(name: Variable): VariableNotes {
  return VARIABLES[name]
}

function isVariable(name: string): name is Variable {
  return Object.hasOwn(VARIABLES, name)
}

function entriesOf<T extends object>(object: T): [keyof T, T[keyof T]][] {
  // Object.entries widens the keys it was given.
  return Object.entries(object) as [keyof T, T[keyof T]][]
}
