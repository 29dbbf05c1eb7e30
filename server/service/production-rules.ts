import type { ConfigurationFault } from './configuration-error.ts'
import type { Values } from './environment.ts'
import { isHashOfKnown, weaknessOf } from './secret-strength.ts'

const HASHED = 'sha256:'

/** What a service in earnest must not be run with. */
export function findProductionFaults(
  values: Partial<Values>,
  files: readonly { readonly variable: string; readonly path: string; readonly mode: number }[],
): ConfigurationFault[] {
  return [
    ...originFaults(values),
    ...apiKeyFaults(values),
    ...passwordFaults(values),
    ...files
      .filter(({ mode }) => (mode & 0o007) !== 0)
      .map(({ variable, path }) => ({ variable, message: `everybody can read ${path}: chmod o-rwx it` })),
    ...(values.TOUCHSTONE_KEY_SETS === undefined
      ? [{ variable: 'TOUCHSTONE_KEY_SETS', message: 'production names the key sets that it accepts' }]
      : []),
    ...(values.TOUCHSTONE_TRUSTED_PROXIES === undefined
      ? [
          {
            variable: 'TOUCHSTONE_TRUSTED_PROXIES',
            message: 'behind a proxy that is not named all visitors are counted as one; "none" if there is no proxy',
          },
        ]
      : []),
    ...(values.TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS
      ? [
          {
            variable: 'TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS',
            message: 'anyone can forge under development keys; wanted in production: false',
          },
        ]
      : []),
  ]
}

function originFaults(values: Partial<Values>): ConfigurationFault[] {
  return (['TOUCHSTONE_ORIGIN', 'TOUCHSTONE_WALLET_ORIGIN'] as const)
    .filter((name) => values[name]?.startsWith('https:') === false)
    .map((variable) => ({ variable, message: `is ${values[variable]}; wanted in production: an https origin` }))
}

function apiKeyFaults({ TOUCHSTONE_API_KEYS: keys = [] }: Partial<Values>): ConfigurationFault[] {
  return keys.flatMap((key, index) => {
    const fault = key.startsWith(HASHED)
      ? isHashOfKnown(key.slice(HASHED.length)) && 'is the hash of one that everybody knows'
      : weaknessOf(key)
    return fault ? [{ variable: 'TOUCHSTONE_API_KEYS', message: `key ${index + 1} ${fault}` }] : []
  })
}

/** Without a password the server is reached by a socket's or a certificate's rights, which is for it to judge. */
function passwordFaults(values: Partial<Values>): ConfigurationFault[] {
  const database = values.TOUCHSTONE_DATABASE
  const urls = {
    TOUCHSTONE_DATABASE: database && 'url' in database ? database.url : undefined,
    TOUCHSTONE_REDIS: values.TOUCHSTONE_REDIS,
  }
  return Object.entries(urls).flatMap(([variable, url]) => {
    const password = url && decodeURIComponent(new URL(url).password)
    const weakness = password && weaknessOf(password)
    return weakness ? [{ variable, message: `the password in it ${weakness}` }] : []
  })
}
