import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** Licences that ask of whoever distributes a product nothing but their notice. */
const PERMISSIVE = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0']

/** What is shipped: to browsers, to relying parties, to whoever runs an issuer. */
const PRODUCT = ['src', 'sdk', 'server']
/** Run while it is built, and only then. */
const BUILDERS = ['src/engine/assembly/', 'src/engine/build/', 'src/ui/build/']

type Locked = { license?: string; dev?: boolean; optional?: boolean; peer?: boolean }

const { packages }: { packages: Record<string, Locked> } = JSON.parse(read('package-lock.json'))
const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(read('package.json'))

test('no package that the product is installed with is under a copyleft licence', () => {
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
  expect(shipped.length).toBeGreaterThan(50)
  expect(shipped.filter(([, { license }]) => !PERMISSIVE.includes(license ?? ''))).toEqual([])
})

test('the product imports only packages that it is installed with', () => {
  const imports = PRODUCT.flatMap(sources).flatMap((path) => packagesIn(path).map((name) => ({ path, name })))
  expect(imports.length).toBeGreaterThan(50)
  expect(imports.filter(({ name }) => !Object.hasOwn(dependencies, name))).toEqual([])
})

test('a package that is there for development only is seen', () => {
  expect(packages['node_modules/snarkjs']).toMatchObject({ license: 'GPL-3.0', dev: true })
  expect(packagesOf("import { groth16 } from 'snarkjs'\nimport('@noble/curves/bn254.js')")).toEqual([
    'snarkjs',
    '@noble/curves',
  ])
})

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /(?<!\.d)\.(ts|tsx)$/.test(path) && !BUILDERS.some((builder) => path.startsWith(builder)))
}

function packagesIn(path: string): string[] {
  return packagesOf(read(path))
}

/** Names of the npm packages in a module's imports, types among them. */
function packagesOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const specifiers = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s+)['"]((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[\w./-]+)?['"]/gm
  return [...code.matchAll(specifiers)].map(([, name = '']) => name)
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
