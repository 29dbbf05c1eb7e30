import type { VerifierConfig } from '../../sdk/server/options.ts'
import { parseOptions } from '../../sdk/server/parse-options.ts'
import {
  type Environment,
  inspectConfiguration,
  type LedgerPlace,
  readConfiguration,
  readLedgerPlace,
} from '../service/configuration.ts'
import { ConfigurationError, type ConfigurationFault } from '../service/configuration-error.ts'
import type { Values } from '../service/environment.ts'
import { verifierOptions } from '../service/verifier-options.ts'
import { type Answer, type Ask, askOutside } from './ask.ts'
import { type FoundKeySet, findKeySets } from './find-key-sets.ts'
import { wordsOf } from './finding.ts'

/** What is examined, as far as it could be read, and how the outside is asked. */
export type Patient = {
  readonly values: Partial<Values>
  readonly faults: readonly ConfigurationFault[]
  readonly mode: 'production' | 'development'
  /** Undefined where the configuration does not say where the ledger is. */
  readonly place: LedgerPlace | undefined
  /** As the service would have it; undefined where there are faults. */
  readonly config: VerifierConfig | undefined
  readonly ask: Ask
  /** What the site's first page answers, asked for once. */
  readonly home: () => Promise<Answer>
  /** Its key sets, loaded once. */
  readonly keySets: () => Promise<readonly FoundKeySet[]>
  /** Milliseconds. */
  readonly now: () => number
}

export type Means = { readonly ask?: Ask; readonly now?: () => number }

export function createPatient(environment: Environment, { ask = askOutside, now = Date.now }: Means = {}): Patient {
  const { values, faults } = inspectConfiguration(environment)
  const read = faults.length > 0 ? { faults } : readOptions(environment)
  let home: Promise<Answer> | undefined
  let keySets: Promise<readonly FoundKeySet[]> | undefined
  return {
    values,
    faults: read.faults,
    mode: values.TOUCHSTONE_MODE ?? 'production',
    place: readPlace(environment),
    config: 'config' in read ? read.config : undefined,
    ask,
    home: () => {
      home ??= ask(`${values.TOUCHSTONE_ORIGIN ?? ''}/`)
      return home
    },
    keySets: () => {
      keySets ??= findKeySets(values, ask)
      return keySets
    },
    now,
  }
}

/** What the service checks after the variables: the requests among it. */
function readOptions(environment: Environment): { faults: ConfigurationFault[]; config?: VerifierConfig } {
  try {
    return { faults: [], config: parseOptions(verifierOptions(readConfiguration(environment))) }
  } catch (error) {
    return { faults: [{ variable: 'TOUCHSTONE_REQUESTS', message: wordsOf(error) }] }
  }
}

function readPlace(environment: Environment): LedgerPlace | undefined {
  try {
    return readLedgerPlace(environment)
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined
    throw error
  }
}
