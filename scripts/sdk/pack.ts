/**
 * Packs the SDK as it would be published: `npm run pack:sdk`. Leaves build/sdk/touchstone-sdk-<version>.tgz, and says
 * what it weighs.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../circuits/compile.ts'
import { buildSdk } from './build.ts'
import type { SdkManifest } from './manifest.ts'

export type PackedSdk = {
  /** The tarball. */
  readonly path: string
  /** Its length, and what it unpacks to, in bytes. */
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly string[]
  readonly manifest: SdkManifest
}

/** Builds the package and packs it in `directory`. */
export async function packSdk(directory: string = join(PROJECT_ROOT, 'build/sdk')): Promise<PackedSdk> {
  const built = await buildSdk(join(directory, 'package'))
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', directory],
    { cwd: built.directory },
  )
  // npm's own report, an entry for each package.
  const [report]: [{ filename: string; size: number; unpackedSize: number; files: { path: string }[] }] =
    JSON.parse(stdout)
  const { filename, size, unpackedSize, files } = report
  return {
    path: join(directory, filename),
    size,
    unpackedSize,
    files: files.map(({ path }) => path),
    manifest: built.manifest,
  }
}

if (import.meta.main) {
  const { path, size, unpackedSize, files, manifest } = await packSdk()
  const dependencies = Object.keys(manifest.dependencies ?? {})
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} kB`
  process.stdout.write(
    `${path}\n${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked, ${files.length} files\n` +
      `${dependencies.length} dependencies: ${dependencies.join(', ')}\n`,
  )
}
