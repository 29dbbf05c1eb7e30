/** One wrong variable: its name, what was wanted, and what is wrong with what came (never a secret's value). */
export type ConfigurationFault = { readonly variable: string; readonly message: string }

/** The environment does not configure a service. All that is wrong with it is said at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'configuration_invalid'
  readonly faults: readonly ConfigurationFault[]

  constructor(faults: readonly ConfigurationFault[]) {
    const lines = faults.map(({ variable, message }) => `  ${variable}: ${message}`)
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`)
    this.faults = faults
  }
}
