/**
 * Builds the package that a relying party installs, in build/sdk/package: `npm run build:sdk`. Plain modules with their
 * declarations, the engine in them, and no source of ours unbuilt.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PROJECT_ROOT } from '../circuits/compile.ts'
import { buildButton } from './build-button.ts'
import { compileModules } from './compile.ts'
import { entriesOf, LIBRARY, readManifest, type SdkManifest, withDependencies } from './manifest.ts'
import { packedReadme } from './readme.ts'

/** Where the server part looks for the bundled button, in the repository as in the package (sdk/server/button-script.ts). */
const BUTTON_FILE = 'build/sdk/button.js'

/** What was built. */
export type BuiltSdk = {
  readonly directory: string
  readonly manifest: SdkManifest
}

/** Builds the package in `directory`, which is made anew. Throws SdkCompileError. */
export async function buildSdk(directory: string = join(PROJECT_ROOT, 'build/sdk/package')): Promise<BuiltSdk> {
  const written = readManifest()
  const compiled = compileModules(entriesOf(written))
  const manifest = withDependencies(written, compiled)
  const files = new Map<string, string>([
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['LICENSE', await readText('LICENSE')],
    ['CHANGELOG.md', await readText('CHANGELOG.md')],
  ])
  for (const [path, text] of compiled.files) files.set(`${LIBRARY}/${path}`, text)
  files.set('README.md', packedReadme(await readText('sdk/README.md'), files))
  await rm(directory, { recursive: true, force: true })
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  await buildButton(join(directory, LIBRARY, BUTTON_FILE))
  return { directory, manifest }
}

function readText(path: string): Promise<string> {
  return readFile(join(PROJECT_ROOT, path), 'utf8')
}

if (import.meta.main) {
  const { directory, manifest } = await buildSdk()
  // For servers that are run from the sources.
  await copyFile(join(directory, LIBRARY, BUTTON_FILE), join(PROJECT_ROOT, BUTTON_FILE))
  const count = Object.keys(manifest.dependencies ?? {}).length
  process.stdout.write(`${manifest.name} ${manifest.version} in ${directory}, ${count} dependencies\n`)
}
