import type { Environment } from '../service/configuration.ts'
import { checkDatabaseClock, checkPublicClock } from './clock-checks.ts'
import { checkConfiguration, checkMode } from './configuration-checks.ts'
import { checkAuditLog, checkDatabase, checkDurability, checkWriting } from './database-checks.ts'
import { type Finding, fail, type NamedFinding, wordsOf } from './finding.ts'
import { checkIssuers } from './issuer-checks.ts'
import { checkKeySets, checkWalletKeySets } from './key-set-checks.ts'
import {
  checkAdmin,
  checkCaching,
  checkForwarding,
  checkHsts,
  checkOpenerPolicy,
  checkOtherOrigins,
  checkTls,
} from './origin-checks.ts'
import { createPatient, type Means, type Patient } from './patient.ts'
import { checkRedis } from './redis-check.ts'
import { hidingSecrets } from './secrets.ts'
import { checkKeyAge, checkKeySecret, checkSigningKey } from './signing-key-checks.ts'

type Check = (patient: Patient) => Promise<Finding | readonly Finding[]>

/** By their names, in the order in which they are told. docs/service.md says of each what it looks at. */
export const CHECKS = {
  configuration: checkConfiguration,
  mode: checkMode,
  'key sets': checkKeySets,
  'wallet’s key sets': checkWalletKeySets,
  'signing key': checkSigningKey,
  'signing key’s age': checkKeyAge,
  'signing key’s secret': checkKeySecret,
  database: checkDatabase,
  durability: checkDurability,
  'write and read': checkWriting,
  'audit log': checkAuditLog,
  'database’s clock': checkDatabaseClock,
  tls: checkTls,
  clock: checkPublicClock,
  hsts: checkHsts,
  'opener policy': checkOpenerPolicy,
  forwarding: checkForwarding,
  caching: checkCaching,
  'other origins': checkOtherOrigins,
  'metrics and api': checkAdmin,
  issuers: checkIssuers,
  'rate limits': checkRedis,
} as const satisfies Record<string, Check>

/**
 * Looks at a service's surroundings from outside, the service running or not, and changes nothing but one visit that is
 * written and ended. Never throws. No secret of the environment is in what comes back. `means` is for tests.
 */
export async function examine(environment: Environment, means: Means = {}): Promise<readonly NamedFinding[]> {
  const patient = createPatient(environment, means)
  const hide = hidingSecrets(environment)
  const findings: NamedFinding[] = []
  // One after another: what one finds slow must not be another's load.
  for (const [name, check] of Object.entries<Check>(CHECKS)) {
    for (const { result, found, advice } of await run(check, patient)) {
      findings.push({ name, result, found: hide(found), advice: hide(advice) })
    }
  }
  return findings
}

async function run(check: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return [await check(patient)].flat()
  } catch (error) {
    return [fail(`the check itself failed: ${wordsOf(error)}`, 'report it, with this line')]
  }
}
