import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../circuits/compile.ts'
import type { Compiled } from './compile.ts'

/** The packed SDK's package.json, as far as the build reads or writes it. */
export type SdkManifest = {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The folder of compiled modules in the package. */
export const LIBRARY = 'lib'

/** sdk/package.json: all that is not computed. */
export function readManifest(): SdkManifest {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, 'sdk/package.json'), 'utf8'))
}

/** The modules that the package exports, in this repository. */
export function entriesOf({ exports }: SdkManifest): string[] {
  return Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : entry.default.replace(`./${LIBRARY}/`, '').replace(/\.js$/, '.ts'),
  )
}

/**
 * The manifest with the dependencies that the compiled modules really have, in the versions that this repository is
 * tested with. What a declaration names must be among them, or be a peer. Throws where a package has no version here.
 */
export function withDependencies(manifest: SdkManifest, { imported, declared }: Compiled): SdkManifest {
  const { dependencies: known }: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'),
  )
  const isPeer = (name: string) => Object.hasOwn(manifest.peerDependencies, name)
  const own = imported.filter((name) => !isPeer(name))
  const missing = [
    ...own.filter((name) => known[name] === undefined),
    ...declared.filter((name) => !own.includes(name) && !isPeer(name)),
  ]
  if (missing.length > 0) throw new Error(`the SDK names packages that it is not installed with: ${missing.join(', ')}`)
  return { ...manifest, dependencies: Object.fromEntries(own.map((name) => [name, known[name] ?? ''])) }
}
