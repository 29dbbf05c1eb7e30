import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BuiltSdk, buildSdk } from '../../scripts/sdk/build.ts'
import { entriesOf, withDependencies } from '../../scripts/sdk/manifest.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PERMISSIVE = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']

let sdk: BuiltSdk
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-package-'))
  sdk = await buildSdk(directory)
}, 90_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function read(path: string): string {
  return readFileSync(join(directory, path), 'utf8')
}

function modules(): string[] {
  return globSync('lib/**/*.{js,d.ts}', { cwd: directory })
}

/** What a module imports, and the programs that it starts by their address. */
function specifiers(path: string): string[] {
  const text = read(path)
  const started = [...text.matchAll(/new URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g)].map(
    ([, found = '']) => found,
  )
  return [...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName), ...started]
}

test('each entry of the package is there, with its declarations', () => {
  const entries = Object.values(sdk.manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : [entry.types, entry.default],
  )
  expect(entries.filter((path) => !existsSync(join(directory, path)))).toEqual([])
  expect(entriesOf(sdk.manifest)).toEqual(expect.arrayContaining(['sdk/server.ts', 'sdk/page.ts']))
  expect(['README.md', 'LICENSE', 'CHANGELOG.md'].filter((path) => !existsSync(join(directory, path)))).toEqual([])
})

test('whatever a module of the package leads to is in the package, or is one that it is installed with', () => {
  const { dependencies = {}, peerDependencies } = sdk.manifest
  const found = modules().flatMap((path) => specifiers(path).map((specifier) => ({ path, specifier })))
  const isThere = ({ path, specifier }: { path: string; specifier: string }) => {
    if (specifier.startsWith('node:')) return true
    if (!specifier.startsWith('.')) {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
      return Object.hasOwn(dependencies, name) || Object.hasOwn(peerDependencies, name)
    }
    const target = join(directory, dirname(path), specifier)
    return !/\.tsx?$/.test(specifier) && existsSync(path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target)
  }
  expect(found.length).toBeGreaterThan(200)
  expect(found.filter((each) => !isThere(each))).toEqual([])
})

test('the package has no source unbuilt, nothing of this machine and no address that it was fetched from', () => {
  const files = globSync('**/*.*', { cwd: directory })
  expect(files.filter((path) => /(?<!\.d)\.tsx?$|\block\b|node_modules/.test(path))).toEqual([])
  // What is imported for its types alone does not come along.
  expect(files.filter((path) => /^lib\/src\/(ui|vault|webauthn)\//.test(path) && !path.endsWith('.d.ts'))).toEqual([])
  const telling = files.filter((path) => read(path).includes(ROOT) || /"resolved"|registry\./.test(read(path)))
  expect(telling).toEqual([])
})

test('all that is installed with the package is under a permissive licence', () => {
  const seen = new Map<string, string>()
  const visit = (name: string) => {
    if (seen.has(name)) return
    const manifest: { license?: string; dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
    )
    seen.set(name, manifest.license ?? '')
    for (const each of Object.keys(manifest.dependencies ?? {})) visit(each)
  }
  for (const name of Object.keys(sdk.manifest.dependencies ?? {})) visit(name)
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['jose', 'zod']))
  expect(seen.size).toBeLessThan(16)
  expect([...seen].filter(([, licence]) => !PERMISSIVE.includes(licence))).toEqual([])
})

test('a package without a version here, or one that only declarations name, stops the build', () => {
  const compiled = { files: new Map(), imported: ['jose'], declared: ['jose'] }
  expect(withDependencies(sdk.manifest, compiled).dependencies).toEqual({
    jose: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  })
  expect(() => withDependencies(sdk.manifest, { ...compiled, imported: ['jose', 'snarkjs'] })).toThrow(/snarkjs/)
  expect(() => withDependencies(sdk.manifest, { ...compiled, declared: ['jose', 'zod'] })).toThrow(/zod/)
})

test('links of the packed README lead somewhere', () => {
  const targets = [...read('README.md').matchAll(/\]\(([^)\s#]+)\)/g)].map(([, target = '']) => target)
  const local = targets.filter((target) => !/^[a-z]+:/.test(target))
  expect(local.length).toBeGreaterThan(0)
  expect(local.filter((target) => !existsSync(join(directory, target)))).toEqual([])
})
