import { join } from 'node:path'
import { z } from 'zod'
import { dayOf } from '../../src/protocol/day.ts'
import { originShape } from '../../src/protocol/parse.ts'
import { MAX_REQUEST_SECONDS } from '../../src/protocol/request.ts'
import type { ProofVerifier } from '../../src/verifier/proof-verifier.ts'
import { serverError } from './error-codes.ts'
import { isObject } from './is-object.ts'
import { fetchIssuer, type IssuerLoader } from './issuer-directory.ts'
import { type FetchJson, serverFetch } from './loopback-fetch.ts'
import { refuseUnknownNames } from './option-names.ts'
import type { KeySetOption, VerifierConfig, VerifierOptions } from './options.ts'
import { issuersNamedBy, MIN_SESSION_SECONDS, parseRequests } from './request-definitions.ts'
import type { VerifierEvent } from './verifier-events.ts'

const VERIFICATION_NAMES = ['workers', 'queueLimit', 'deadlineMilliseconds', 'batchSize'] as const

const pathShape = z.string().min(1)

const inMemoryShape = z.custom<Exclude<KeySetOption, string>>(
  (value) => isObject(value) && isObject(value.manifest) && typeof value.readVerificationKey === 'function',
)

const proofVerifierShape = z.custom<ProofVerifier>((value) => isObject(value) && typeof value.verify === 'function')

const optionShapes = {
  origin: originShape,
  walletOrigin: originShape,
  requests: z.custom<object>(isObject),
  mode: z.enum(['production', 'development']).optional(),
  keySets: z
    .array(z.union([pathShape, inMemoryShape]))
    .min(1)
    .max(8)
    .optional(),
  issuers: z.union([z.array(originShape).max(64), functionShape<IssuerLoader>()]).optional(),
  data: pathShape.default('touchstone'),
  store: z
    .union([
      z.strictObject({ path: pathShape }),
      z.strictObject({ url: z.string().regex(/^postgres(ql)?:\/\/./), poolSize: z.int().min(2).max(500).optional() }),
    ])
    .optional(),
  signingKey: z.union([z.strictObject({ path: pathShape }), z.strictObject({ json: z.string().min(1) })]).optional(),
  sessionSeconds: z.int().min(MIN_SESSION_SECONDS).max(MAX_REQUEST_SECONDS).default(120),
  visitSeconds: z
    .int()
    .min(60)
    .max(31 * 86_400)
    .default(43_200),
  statusGraceSeconds: z.int().min(0).max(3600).default(600),
  verification: z
    .union([
      proofVerifierShape,
      z.strictObject({
        workers: z.int().min(0).max(128).exactOptional(),
        queueLimit: z.int().min(16).max(65_536).exactOptional(),
        deadlineMilliseconds: z.int().min(100).max(60_000).exactOptional(),
        batchSize: z.int().min(1).max(1024).exactOptional(),
      }),
    ])
    .default({}),
  allowDevelopmentKeys: z.boolean().default(false),
  fetch: functionShape<FetchJson>().default(() => serverFetch),
  clock: functionShape<() => Date>().default(() => () => new Date()),
  onError: functionShape<(error: unknown) => void>().default(() => (error: unknown) => console.error(error)),
  onEvent: functionShape<(event: VerifierEvent) => void>().default(() => () => {}),
} satisfies Record<keyof VerifierOptions, z.ZodType>

/** What each option takes, for whoever gave another thing. */
const WANTED: Readonly<Record<keyof VerifierOptions, string>> = {
  origin: 'the site’s own origin, such as https://shop.example: no path, no slash at the end, http on localhost only',
  walletOrigin: 'the wallet’s origin, such as https://wallet.example: no path, no slash at the end',
  requests: 'the queries by their names, such as { signIn: login() }',
  mode: '"production" or "development"',
  keySets: 'one to eight key sets, each a folder, a hash of 43 characters, or { manifest, readVerificationKey }',
  issuers: 'a list of origins, 64 at most, or a function that loads what an issuer publishes',
  data: 'the path of a folder',
  store: '{ path } of a SQLite file, or { url, poolSize (2 to 500) } with a url that begins with postgres://',
  signingKey: '{ path } of a file, or { json } with the text of one',
  sessionSeconds: `a whole number from ${MIN_SESSION_SECONDS} to ${MAX_REQUEST_SECONDS}`,
  visitSeconds: 'a whole number from 60 to 2678400',
  statusGraceSeconds: 'a whole number from 0 to 3600',
  verification:
    '{ workers (0 to 128), queueLimit (16 to 65536), deadlineMilliseconds (100 to 60000), batchSize (1 to 1024) }, ' +
    'whole numbers, or an object that verifies proofs',
  allowDevelopmentKeys: 'true or false',
  fetch: 'a function like the platform’s fetch',
  clock: 'a function that gives the time as a Date',
  onError: 'a function',
  onEvent: 'a function',
}

/**
 * Checks the options at the start, each query included (one that depends on the day, for today). Throws
 * `option_invalid`, and `query_invalid` for a query that must not be asked; the message begins with the option's name.
 */
export function parseOptions(options: VerifierOptions): VerifierConfig {
  if (!isObject(options)) throw serverError('option_invalid', 'options: createVerifier needs an object of options')
  refuseUnknownNames('', options, Object.keys(optionShapes))
  const parsed = {
    ...readAddresses(options),
    data: read(options, 'data'),
    store: read(options, 'store'),
    signingKey: read(options, 'signingKey'),
    sessionSeconds: read(options, 'sessionSeconds'),
    visitSeconds: read(options, 'visitSeconds'),
    statusGraceSeconds: read(options, 'statusGraceSeconds'),
    verification: readVerification(options),
    fetch: read(options, 'fetch'),
    clock: read(options, 'clock'),
    onError: read(options, 'onError'),
    onEvent: read(options, 'onEvent'),
  }
  const { data, clock, fetch } = parsed
  const issuers = read(options, 'issuers')
  const listed = typeof issuers === 'function' ? undefined : issuers
  const httpsOnly = parsed.mode === 'production'
  const plain = listed?.find((origin) => httpsOnly && origin.startsWith('http:'))
  if (plain) throw serverError('option_invalid', `issuers: ${plain}: an issuer must be https in production`)
  const requests = parseRequests(read(options, 'requests'), { issuers: listed, httpsOnly, today: clock() })
  return {
    ...parsed,
    requests,
    knownIssuers: issuers === undefined ? issuersNamedBy(requests, dayOf(clock())) : listed,
    loadIssuer: typeof issuers === 'function' ? issuers : fetchIssuer(fetch),
    store: parsed.store ?? { path: join(data, 'touchstone.sqlite') },
    signingKey: parsed.signingKey ?? { path: join(data, 'signing-key.json') },
  }
}

/** What decides whom the site believes; production takes less. */
function readAddresses(options: VerifierOptions) {
  const origin = read(options, 'origin')
  const walletOrigin = read(options, 'walletOrigin')
  if (origin === walletOrigin) throw serverError('option_invalid', 'walletOrigin: must not be the site’s own origin')
  const isHttp = origin.startsWith('http:')
  const mode = read(options, 'mode') ?? (isHttp ? 'development' : 'production')
  const keySets = read(options, 'keySets')
  const allowDevelopmentKeys = read(options, 'allowDevelopmentKeys')
  if (mode === 'production') {
    if (isHttp) throw serverError('option_invalid', 'origin: must be https in production')
    if (walletOrigin.startsWith('http:')) {
      throw serverError('option_invalid', 'walletOrigin: must be https in production')
    }
    if (!keySets) throw serverError('option_invalid', 'keySets: must name the key sets that count in production')
    if (allowDevelopmentKeys) {
      throw serverError('option_invalid', 'allowDevelopmentKeys: anyone can forge under them; not in production')
    }
  }
  return { origin, walletOrigin, mode, keySets, allowDevelopmentKeys } as const
}

function readVerification(options: VerifierOptions) {
  const { verification } = options
  if (isObject(verification) && !proofVerifierShape.safeParse(verification).success) {
    refuseUnknownNames('verification.', verification, VERIFICATION_NAMES)
  }
  return read(options, 'verification')
}

function read<Name extends keyof typeof optionShapes>(
  options: VerifierOptions,
  name: Name,
): z.infer<(typeof optionShapes)[Name]> {
  const result = optionShapes[name].safeParse(options[name])
  // The shape is the one of this name.
  if (result.success) return result.data as z.infer<(typeof optionShapes)[Name]>
  // Of the value no more than its kind: it may be a secret.
  const came = options[name] === undefined ? 'it is missing' : `not this ${kindOf(options[name])}`
  throw serverError('option_invalid', `${name}: must be ${WANTED[name]}; ${came}`)
}

function kindOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

function functionShape<F extends (...parameters: never[]) => unknown>() {
  return z.custom<F>((value) => typeof value === 'function')
}
