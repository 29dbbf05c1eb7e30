import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** What each part may import of the others (docs/architecture.md). A part may always import itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'src/protocol': [],
  'src/engine': [],
  'src/proving-key': ['src/protocol', 'src/engine'],
  'src/setup': ['src/protocol', 'src/engine', 'src/proving-key'],
  'src/verifier': ['src/protocol', 'src/engine'],
  'src/prover': ['src/protocol', 'src/engine', 'src/proving-key'],
  'src/webauthn': ['src/protocol'],
  'src/vault': ['src/protocol'],
  'src/wallet': ['src/protocol', 'src/verifier', 'src/prover', 'src/webauthn', 'src/vault'],
  'src/ui': ['src/wallet', 'src/protocol', 'src/prover'],
  server: ['src/protocol', 'src/verifier', 'sdk'],
  // First, for it lies within sdk; it makes presentations, which takes the wallet's pure parts (see below).
  'sdk/testing': ['sdk', 'src/protocol', 'src/engine', 'src/verifier', 'src/wallet'],
  sdk: ['src/protocol', 'src/verifier'],
  demo: ['sdk'],
}

/** Packages that only the named parts, or modules, may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  react: ['src/ui', 'sdk/react.ts'],
  'react-dom': ['src/ui'],
  'react-i18next': ['src/ui'],
  snarkjs: [],
  circomlibjs: [],
  '@simplewebauthn/browser': ['src/webauthn'],
  '@simplewebauthn/server': ['server'],
  idb: ['src/vault'],
}

/** Folders that run the parts; no part may lean on them. */
const NOT_FOR_PARTS: readonly string[] = ['scripts', 'bench', 'test']

type Import = { from: string; part: string; target: string }

function sources(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').includes('node_modules'))
}

function partOf(path: string): string | undefined {
  return Object.keys(ARROWS).find((part) => path === part || path === `${part}.ts` || path.startsWith(`${part}/`))
}

/** Every import, export-from and dynamic import of a file, by its literal specifier. */
function specifiers(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*|new URL\(\s*)['"]([^'"]+)['"]/g
  return [...code.matchAll(pattern)].map((match) => match[1] ?? '')
}

/** What is left of a file when its types are erased. */
function runtimeSpecifiers(text: string): string[] {
  return specifiers(text.replace(/^(import|export) type [\s\S]*?from '[^']+'$/gm, ''))
}

/** Every file and package that runs when this file is imported. */
function reachedFrom(path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const target of runtimeSpecifiers(readFileSync(join(ROOT, path), 'utf8'))) {
    const next = relative(ROOT, resolve(ROOT, dirname(path), target))
    if (!target.startsWith('.')) seen.add(target)
    else if (next.endsWith('.ts')) reachedFrom(next, seen)
    else seen.add(next)
  }
  return seen
}

function imports(): Import[] {
  const existing = readdirSync(ROOT)
  const roots = ['src', 'server', 'sdk', 'demo'].filter((name) => existing.includes(name))
  return roots.flatMap(sources).flatMap((from) => {
    const part = partOf(from)
    if (part === undefined) throw new Error(`${from} lies in no part that docs/architecture.md names`)
    return specifiers(readFileSync(join(ROOT, from), 'utf8')).map((target) => ({ from, part, target }))
  })
}

function wrongArrows(found: readonly Import[]): string[] {
  return found.flatMap(({ from, part, target }) => {
    if (target.startsWith('.')) {
      const path = relative(ROOT, resolve(ROOT, dirname(from), target))
      const other = partOf(path)
      const ours = other ?? path.split('/').find((folder) => NOT_FOR_PARTS.includes(folder))
      if (ours === undefined || ours === part || ARROWS[part]?.includes(ours)) return []
      return [`${from} imports ${path}`]
    }
    const name = target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/')
    const allowed = PACKAGES[name]
    return allowed === undefined || allowed.includes(part) || allowed.includes(from)
      ? []
      : [`${from} imports the package ${name}`]
  })
}

test('imports point only where the architecture allows', () => {
  const found = imports()
  expect(found.length).toBeGreaterThan(100)
  expect(wrongArrows(found)).toEqual([])
})

test('a wrong arrow is seen', () => {
  expect(
    wrongArrows([
      { from: 'src/protocol/claim.ts', part: 'src/protocol', target: '../verifier/status.ts' },
      { from: 'src/wallet/wallet.ts', part: 'src/wallet', target: 'react' },
      { from: 'sdk/server.ts', part: 'sdk', target: '../src/prover/node.ts' },
      { from: 'sdk/page.ts', part: 'sdk', target: 'react' },
      { from: 'src/verifier/groth16.ts', part: 'src/verifier', target: 'snarkjs' },
    ]),
  ).toHaveLength(5)
})

test('the SDK’s testing part takes of the wallet what is pure, and nothing with it that needs a browser', () => {
  const reached = [...reachedFrom('sdk/testing.ts')]
  expect(reached.length).toBeGreaterThan(40)
  expect(reached.filter((path) => path.startsWith('src/wallet/')).sort()).toEqual([
    'src/wallet/answers.ts',
    'src/wallet/circuit-inputs.ts',
    'src/wallet/reason-against.ts',
    'src/wallet/standing.ts',
    'src/wallet/wallet-error.ts',
  ])
  const foreign =
    /^src\/(vault|webauthn|prover|ui|setup|proving-key)\/|^(react|idb|age-encryption|@simplewebauthn|i18next)/
  expect(reached.filter((path) => foreign.test(path))).toEqual([])
})
