import { isIP } from 'node:net'
import { z } from 'zod'
import { MIN_SESSION_SECONDS } from '../../sdk/server/request-definitions.ts'
import { originShape } from '../../src/protocol/parse.ts'
import { MAX_REQUEST_SECONDS } from '../../src/protocol/request.ts'

/** What the documentation and a fault say of a variable. */
export type VariableNotes = {
  /** Follows "wanted": what a right value looks like. */
  readonly expected: string
  readonly about: string
  /** Shown where it is left out. */
  readonly byDefault?: string
  /** Its value is never shown, and `<name>_FILE` may name a file that holds it. */
  readonly isSecret?: boolean
}

/** A variable: how it is read, and what is said of it. */
type Noted<T extends z.ZodType> = VariableNotes & { readonly shape: T }

function variable<T extends z.ZodType>(shape: T, notes: VariableNotes): Noted<T> {
  return { shape, ...notes }
}

const pathShape = z.string().min(1)

const portShape = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port <= 65_535)

function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((number) => number >= min && number <= max)
}

/** Comma or line between two; none left out by mistake. */
function listOf<T extends z.ZodType<unknown, string>>(shape: T) {
  return z
    .string()
    .transform((text) => text.split(/[,\n]/).map((part) => part.trim()))
    .transform((parts) => (parts.at(-1) === '' ? parts.slice(0, -1) : parts))
    .pipe(z.array(shape).min(1))
}

function urlOf(...protocols: readonly string[]) {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol))
}

const proxyShape = z.string().refine((text) => {
  const [address = '', prefix, more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
})

const trustedProxiesShape = z.union([z.literal('none').transform((): readonly string[] => []), listOf(proxyShape)])

const booleanShape = z.enum(['true', 'false']).transform((text) => text === 'true')

const databaseShape = z.union([
  urlOf('postgres:', 'postgresql:').transform((url) => ({ url })),
  pathShape.refine((text) => !/^[a-z]+:\/\//i.test(text)).transform((path) => ({ path })),
])

/** The whole configuration of the service: no file and no flag says more. */
export const VARIABLES = {
  TOUCHSTONE_MODE: variable(z.enum(['production', 'development']).default('production'), {
    expected: '"production" or "development"',
    about:
      'Production refuses development keys, http origins, weak secrets, and files of secrets that others can read.',
    byDefault: 'production',
  }),
  TOUCHSTONE_ORIGIN: variable(originShape, {
    expected: 'the site’s origin, such as https://shop.example',
    about: 'The site’s own origin. Names belong to it: another origin is another site.',
  }),
  TOUCHSTONE_WALLET_ORIGIN: variable(originShape, {
    expected: 'the wallet’s origin, such as https://wallet.example',
    about: 'Where the wallet lives.',
  }),
  TOUCHSTONE_REQUESTS: variable(pathShape, {
    expected: 'the path of a JSON file with the requests by name',
    about: 'What the site may ask, by names that its pages use.',
  }),
  TOUCHSTONE_ISSUERS: variable(listOf(originShape).optional(), {
    expected: 'origins with commas between',
    about: 'The issuers that requests may name.',
    byDefault: 'those that the requests name',
  }),
  TOUCHSTONE_KEY_SETS: variable(listOf(pathShape).optional(), {
    expected: 'folders or hashes of key sets with commas between',
    about: 'The key sets that count; the first is asked for. Production needs it.',
    byDefault: 'in development the wallet’s own, pinned at the first start',
  }),
  TOUCHSTONE_DATA: variable(pathShape.default('touchstone'), {
    expected: 'a folder',
    about: 'Where the service keeps its files.',
    byDefault: 'touchstone',
  }),
  TOUCHSTONE_DATABASE: variable(databaseShape.optional(), {
    expected: 'postgres://user:password@host/database, or the path of a SQLite file',
    about: 'Sessions, used names and pinned authenticators. Several processes need PostgreSQL.',
    byDefault: '`touchstone.sqlite` in the data folder',
    isSecret: true,
  }),
  TOUCHSTONE_SIGNING_KEY: variable(z.string().refine(isJson).optional(), {
    expected: 'the JSON that "touchstone keys make signing-key" writes',
    about: 'The key that signs requests, and the secret that codes and the audit log use. The same in each process.',
    byDefault: '`signing-key.json` in the data folder, made at the first start',
    isSecret: true,
  }),
  TOUCHSTONE_HOST: variable(
    z
      .string()
      .refine((text) => isIP(text) !== 0)
      .default('127.0.0.1'),
    {
      expected: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
      about: 'Where the service listens.',
      byDefault: '127.0.0.1',
    },
  ),
  TOUCHSTONE_PORT: variable(portShape.default(4410), {
    expected: 'a port from 0 to 65535',
    about: 'Port of what the site’s proxy forwards, and of the rest unless that has a port of its own.',
    byDefault: '4410',
  }),
  TOUCHSTONE_ADMIN_PORT: variable(portShape.optional(), {
    expected: 'a port from 0 to 65535',
    about: 'A port of its own for `/v1`, health, metrics and `/openapi.json`, which the proxy need not reach.',
    byDefault: 'the same as TOUCHSTONE_PORT',
  }),
  TOUCHSTONE_API_KEYS: variable(listOf(z.string().min(8).max(256)), {
    expected: 'keys of "touchstone keys make api-key", or "sha256:" and the hash that it shows, with commas between',
    about: 'What the site’s backend shows as `Authorization: Bearer`. Two count while one is being replaced.',
    isSecret: true,
  }),
  TOUCHSTONE_TRUSTED_PROXIES: variable(trustedProxiesShape.optional(), {
    expected: '"none", or addresses and ranges with commas between, such as 10.0.0.0/8',
    about:
      'Whose `X-Forwarded-For` is believed when clients are counted. Anybody else’s is passed over. Production needs it.',
    byDefault: 'in development none',
  }),
  TOUCHSTONE_REDIS: variable(urlOf('redis:', 'rediss:').optional(), {
    expected: 'redis://host:port or rediss://host:port',
    about: 'Where processes count requests together. Nothing else is kept there.',
    byDefault: 'each process counts alone',
    isSecret: true,
  }),
  TOUCHSTONE_SESSIONS_PER_MINUTE: variable(wholeNumber(1, 1_000_000).default(60), {
    expected: 'a whole number from 1 to 1000000',
    about: 'Sessions that one client may open in a minute.',
    byDefault: '60',
  }),
  TOUCHSTONE_PRESENTATIONS_PER_MINUTE: variable(wholeNumber(1, 1_000_000).default(60), {
    expected: 'a whole number from 1 to 1000000',
    about: 'Presentations that one client may send in a minute.',
    byDefault: '60',
  }),
  TOUCHSTONE_REQUESTS_PER_MINUTE: variable(wholeNumber(1, 1_000_000).default(600), {
    expected: 'a whole number from 1 to 1000000',
    about: 'All other requests of one client in a minute.',
    byDefault: '600',
  }),
  TOUCHSTONE_SESSION_SECONDS: variable(wholeNumber(MIN_SESSION_SECONDS, MAX_REQUEST_SECONDS).optional(), {
    expected: `a whole number from ${MIN_SESSION_SECONDS} to ${MAX_REQUEST_SECONDS}`,
    about: 'How long a session lives.',
    byDefault: '120',
  }),
  TOUCHSTONE_VISIT_SECONDS: variable(wholeNumber(60, 2_678_400).optional(), {
    expected: 'a whole number from 60 to 2678400',
    about: 'How long a visit lives after its last result.',
    byDefault: '43200',
  }),
  TOUCHSTONE_STATUS_GRACE_SECONDS: variable(wholeNumber(0, 3_600).optional(), {
    expected: 'a whole number from 0 to 3600',
    about: 'How long a proof counts that was made against a status list since replaced.',
    byDefault: '600',
  }),
  TOUCHSTONE_VERIFIER_WORKERS: variable(wholeNumber(0, 128).optional(), {
    expected: 'a whole number from 0 to 128',
    about: 'Threads that verify proofs; with 0 the event loop does.',
    byDefault: 'one for each core but one, and one at least',
  }),
  TOUCHSTONE_VERIFIER_QUEUE: variable(wholeNumber(16, 65_536).optional(), {
    expected: 'a whole number from 16 to 65536',
    about: 'Proofs that may wait for their verdict. Presentations beyond that are answered by `busy`.',
    byDefault: '256',
  }),
  TOUCHSTONE_VERIFIER_DEADLINE_MS: variable(wholeNumber(100, 60_000).optional(), {
    expected: 'a whole number from 100 to 60000',
    about: 'How long a proof may take, its waiting included.',
    byDefault: '2000',
  }),
  TOUCHSTONE_VERIFIER_BATCH: variable(wholeNumber(1, 1_024).optional(), {
    expected: 'a whole number from 1 to 1024',
    about: 'Proofs verified together at most where proofs wait.',
    byDefault: '64',
  }),
  TOUCHSTONE_LOG_LEVEL: variable(z.enum(['error', 'warn', 'info', 'debug', 'silent']).default('info'), {
    expected: '"error", "warn", "info", "debug" or "silent"',
    about: 'Lines of JSON on standard output.',
    byDefault: 'info',
  }),
  TOUCHSTONE_SHUTDOWN_SECONDS: variable(wholeNumber(1, 300).default(20), {
    expected: 'a whole number from 1 to 300',
    about: 'After SIGTERM, how long requests that run may take before they are cut off.',
    byDefault: '20',
  }),
  TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS: variable(booleanShape.default(false), {
    expected: '"true" or "false"',
    about: 'Accepts keys that anyone can forge under. In development only.',
    byDefault: 'false',
  }),
} as const

export type Variable = keyof typeof VARIABLES

/** The parsed values, by variable. */
export type Values = { readonly [Name in Variable]: z.output<(typeof VARIABLES)[Name]['shape']> }

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
