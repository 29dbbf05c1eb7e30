import { type Finding, fail, ok, warn } from './finding.ts'
import type { Patient } from './patient.ts'

/** Every fault for which `serve` would not start, by its variable. */
export async function checkConfiguration({ faults }: Patient): Promise<readonly Finding[]> {
  if (faults.length === 0) return [ok('every variable is right')]
  return faults.map(({ variable, message }) =>
    fail(`${variable}: ${message}`, `set ${variable}; docs/service.md has every variable`),
  )
}

export async function checkMode({ mode, values }: Patient): Promise<Finding> {
  if (mode === 'production') return ok('production')
  if (values.TOUCHSTONE_ORIGIN?.startsWith('https:')) {
    return warn('development, at an https origin', 'set TOUCHSTONE_MODE to production before anybody relies on it')
  }
  return ok('development')
}
